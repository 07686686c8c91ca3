package io.github.tornadovit.engine.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.tornadovit.testing.Golden;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is wrong with a file, it is an {@link ImageException} that names file and fault. */
class BadImageTest {
  private static final ImageDecoder DECODER = new ImageDecoder();

  @Test
  void refusesWhatIsNoReadableFile(@TempDir Path folder) throws IOException {
    assertThatThrownBy(() -> DECODER.decode(folder))
        .isInstanceOf(ImageException.class)
        .hasMessage(folder + ": is a directory, expected an image file");
    assertThatThrownBy(() -> DECODER.decode(folder.resolve("none.png")))
        .isInstanceOf(ImageException.class)
        .hasMessage(folder.resolve("none.png") + ": does not exist");
    Path empty = Files.createFile(folder.resolve("empty.jpg"));
    assertThatThrownBy(() -> DECODER.decode(empty))
        .isInstanceOf(ImageException.class)
        .hasMessage(empty + ": is empty, expected an image file");
    InputStream closed = InputStream.nullInputStream();
    closed.close();
    assertThatThrownBy(() -> DECODER.decode(closed, "stream"))
        .isInstanceOf(ImageException.class)
        .hasMessageStartingWith("stream: cannot be read");
  }

  @ParameterizedTest
  @MethodSource("foreignFiles")
  void namesWhatItFindsInstead(String content, String described) {
    assertThatThrownBy(() -> DECODER.decode(content.getBytes(ISO_8859_1), "x.jpg"))
        .isInstanceOf(ImageException.class)
        .hasMessageContainingAll("x.jpg: is ", described, "expected an image file: JPEG, PNG, GIF");
  }

  static List<Arguments> foreignFiles() {
    return List.of(
        arguments("\0\0\0\u0018ftypheic\0\0\0\0", "a HEIC image"),
        arguments("\0\0\0\u0018ftypavif\0\0\0\0", "an AVIF image"),
        arguments("<?xml version='1.0'?>\n<svg xmlns='x'/>", "an SVG drawing"),
        arguments("<!DOCTYPE html><html></html>", "an HTML page"),
        arguments("version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
        arguments("\0\0\0\fjP  \r\n\u0087\n", "a JPEG 2000 image"),
        arguments("hello, world\n", "a text file"),
        arguments("\1\2\3\4\5\6\7\b\t", "01 02 03 04 05 06 07 08"));
  }

  @ParameterizedTest
  @MethodSource("bombs")
  void refusesHugePicturesByTheirHeaders(String kind, byte[] file, String size) {
    assertThatThrownBy(() -> DECODER.decode(file, kind))
        .isInstanceOf(ImageException.class)
        .hasMessageContainingAll(kind, size, "more than the limit of 178956970");
  }

  static List<Arguments> bombs() {
    byte[] ihdr = bytes(ByteOrder.BIG_ENDIAN, "IHDR", 100_000, 100_000, "\b\2\0\0\0");
    CRC32 crc = new CRC32();
    crc.update(ihdr);
    return List.of(
        arguments(
            "PNG",
            bytes(ByteOrder.BIG_ENDIAN, "\u0089PNG\r\n\u001a\n", 13, ihdr, (int) crc.getValue()),
            "100000x100000"),
        arguments(
            "JPEG",
            bytes(
                ByteOrder.BIG_ENDIAN,
                "\u00ff\u00d8\u00ff\u00c0\0\u0011\b\u00ff\u00ff\u00ff\u00ff\3",
                "\1\u0011\0\2\u0011\0\3\u0011\0"),
            "65535x65535"),
        arguments(
            "GIF",
            bytes(
                ByteOrder.LITTLE_ENDIAN,
                "GIF89a\u00ff\u00ff\u00ff\u00ff\0\0\0",
                ",\0\0\0\0\1\0\1\0\0\2\0;"),
            "65535x65535"),
        arguments(
            "BMP",
            bytes(
                ByteOrder.LITTLE_ENDIAN,
                "BM",
                54,
                0,
                54,
                40,
                100_000,
                -100_000,
                "\1\0\u0018\0",
                0,
                0,
                0,
                0,
                0,
                0),
            "100000x100000"),
        arguments(
            "WebP",
            bytes(ByteOrder.LITTLE_ENDIAN, "RIFF", 18, "WEBPVP8L", 5, "/", -1, "\0"),
            "16384x16384"),
        arguments(
            "TIFF",
            bytes(
                ByteOrder.LITTLE_ENDIAN,
                "II*\0",
                8,
                "\2\0",
                "\0\1\4\0",
                1,
                100_000,
                "\1\1\4\0",
                1,
                100_000,
                0),
            "100000x100000"));
  }

  /** Strings as bytes, numbers as four bytes, one after the other. */
  private static byte[] bytes(ByteOrder order, Object... parts) {
    ByteBuffer buffer = ByteBuffer.allocate(256).order(order);
    for (Object part : parts) {
      switch (part) {
        case Integer number -> buffer.putInt(number);
        case byte[] raw -> buffer.put(raw);
        default -> buffer.put(part.toString().getBytes(ISO_8859_1));
      }
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  @Test
  void refusesAHeaderThatItsDataCannotFill() {
    byte[] ihdr = bytes(ByteOrder.BIG_ENDIAN, "IHDR", 9_000, 9_000, "\b\2\0\0\0");
    CRC32 crc = new CRC32();
    crc.update(ihdr);
    byte[] file =
        bytes(
            ByteOrder.BIG_ENDIAN,
            "\u0089PNG\r\n\u001a\n",
            13,
            ihdr,
            (int) crc.getValue(),
            4,
            "IDATxxxx",
            0);
    assertThatThrownBy(() -> DECODER.decode(file, "lie.png"))
        .isInstanceOf(ImageException.class)
        .hasMessage(
            "lie.png: is truncated: its 4 bytes of image data cannot hold 9000x9000 pixels (PNG)");
  }

  @Test
  void refusesALossyWebpThatItsDataCannotFill() {
    byte[] file =
        bytes(
            ByteOrder.LITTLE_ENDIAN,
            "RIFF",
            26,
            "WEBPVP8 ",
            14,
            "\u0010\0\0\u009d\1*",
            9_000 | 9_000 << 16,
            0);
    assertThatThrownBy(() -> DECODER.decode(file, "lie.webp"))
        .isInstanceOf(ImageException.class)
        .hasMessage(
            "lie.webp: is truncated: its 14 bytes of image data cannot hold 9000x9000 pixels (WebP)");
  }

  @Test
  void refusesALosslessWebpWhoseBitsEnd() throws IOException {
    byte[] whole = Files.readAllBytes(Golden.path("images/decode/webp-lossless-alpha.webp"));
    byte[] half = Arrays.copyOf(whole, whole.length / 2 & ~1);
    ByteBuffer sizes = ByteBuffer.wrap(half).order(ByteOrder.LITTLE_ENDIAN);
    sizes.putInt(4, half.length - 8).putInt(16, half.length - 20);
    assertThatThrownBy(() -> DECODER.decode(half, "half.webp"))
        .isInstanceOf(ImageException.class)
        .hasMessage("half.webp: ends before its last pixel (WebP)");
  }

  @Test
  void refusesABmpWithAnEmptyBitField() {
    ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    byte[] header = bytes(order, "BM", 74, 0, 66, 40, 2, 1, 1 | 32 << 16, 3, 8, 0, 0, 0, 0);
    byte[] file = bytes(order, header, 0xFF_0000, 0xFF00, 0, 0, 0);
    assertThatThrownBy(() -> DECODER.decode(file, "fields.bmp"))
        .isInstanceOf(ImageException.class)
        .hasMessage("fields.bmp: has a bit field of 0 bits, expected 1 to 8 for each color (BMP)");
  }

  @Test
  void refusesATiffWhoseCountOfSamplesIsAFloat() {
    byte[] file =
        bytes(
            ByteOrder.LITTLE_ENDIAN,
            "II*\0",
            8,
            "\3\0",
            "\0\1\4\0",
            1,
            2,
            "\1\1\4\0",
            1,
            2,
            "\u0015\1\u000b\0",
            1,
            Float.floatToIntBits(1e9f),
            0);
    assertThatThrownBy(() -> DECODER.decode(file, "float.tif"))
        .isInstanceOf(ImageException.class)
        .hasMessage("float.tif: has tag 277 of type 11, expected whole numbers (TIFF)");
  }

  @Test
  void limitsPixelsAsTold() {
    Path file = Golden.path("images/decode/png-rgb-8.png");
    assertThat(new ImageDecoder(37 * 29, true).decode(file)).hasToString("37x29");
    assertThatThrownBy(() -> new ImageDecoder(37 * 29 - 1, true).decode(file))
        .isInstanceOf(ImageException.class)
        .hasMessageContainingAll("37x29", "1072");
  }

  @TestFactory
  Stream<DynamicTest> survivesTruncationAndDamage() throws IOException {
    return sampleFiles().stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    String.valueOf(file.getFileName()),
                    () -> {
                      byte[] whole = Files.readAllBytes(file);
                      truncate(String.valueOf(file.getFileName()), whole);
                      damage(String.valueOf(file.getFileName()), whole);
                    }));
  }

  private static List<Path> sampleFiles() throws IOException {
    try (Stream<Path> files = Files.list(Golden.path("images/decode"))) {
      return files.sorted().toList();
    }
  }

  /** A file that is cut is refused, or what is missing does not matter to its picture. */
  private static void truncate(String name, byte[] whole) {
    RgbImage picture = DECODER.decode(whole, name);
    for (int length = 0; length < whole.length; length += 1 + whole.length / 16) {
      RgbImage cut = decode(Arrays.copyOf(whole, length), name);
      if (cut != null) {
        assertThat(cut.pixels()).as("%s cut to %d bytes", name, length).isEqualTo(picture.pixels());
        assertThat(length).isGreaterThan(whole.length / 3);
      }
    }
  }

  private static void damage(String name, byte[] whole) {
    for (int seed = 0; seed < 16; seed++) {
      Random random = new Random(seed);
      byte[] damaged = whole.clone();
      for (int flips = 0; flips <= seed / 4; flips++) {
        damaged[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
      }
      decode(damaged, name);
    }
  }

  /** The picture or null if it is refused; any other exception fails the test. */
  private static @Nullable RgbImage decode(byte[] encoded, String name) {
    try {
      // A small limit: a flipped bit may make a size large, and then decoding is only slow.
      RgbImage image = new ImageDecoder(1_000_000, true).decode(encoded, name);
      assertThat(image.pixels()).hasSize(image.width() * image.height() * 3);
      return image;
    } catch (ImageException refused) {
      assertThat(refused).hasMessageStartingWith(name + ": ");
      return null;
    }
  }
}
