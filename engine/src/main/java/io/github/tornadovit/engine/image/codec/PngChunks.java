package io.github.tornadovit.engine.image.codec;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a PNG file: header, metadata, and a copy that holds nothing but header, palette and
 * image data. The reader gets the copy: no profile, gamma, transparency or text can then change
 * colours or cost memory, and compressed text is inflated here, within a limit.
 *
 * <p>Checksums are verified up to the image data, whose own checksum zlib has.
 */
final class PngChunks {
  private static final String XMP = "XML:com.adobe.xmp";

  private static final Set<String> TEXTS = Set.of(XMP, "Raw profile type exif");

  /** Each costs that much time and memory; a file has one. Those that follow count as absent. */
  private static final int MAX_COMPRESSED_TEXTS = 4;

  private static final int SIGNATURE_BYTES = 8;

  /** Deflate's best: 258 bytes from 2 bits; a pixel takes a bit at least. */
  private static final long MAX_PIXELS_PER_BYTE = 1032 * 8;

  private final Bytes bytes;
  private final ByteArrayOutputStream essential = new ByteArrayOutputStream();
  private int width;
  private int height;
  private long dataBytes;
  private byte @Nullable [] exif;
  private byte[] xmp = new byte[0];
  private byte[] xmpNotUnicode = new byte[0];
  private @Nullable String rawProfile;
  private int compressedTexts;

  private PngChunks(Bytes bytes) {
    this.bytes = bytes;
  }

  static PngChunks parse(Bytes bytes, PixelLimit limit) throws MalformedImageException {
    PngChunks chunks = new PngChunks(bytes);
    chunks.walk(limit);
    return chunks;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** The orientation of the last eXIf chunk, or of ImageMagick's text, or of XMP. */
  Orientation orientation() {
    byte[] packet = xmp.length > 0 ? xmp : xmpNotUnicode;
    String profile = rawProfile;
    return exif == null && profile != null
        ? Orientation.of(() -> ExifOrientation.ofExif(unhex(profile)), packet)
        : Orientation.of(exif == null ? new byte[0] : exif, packet);
  }

  /** The file with the chunks IHDR, PLTE, IDAT and IEND only. */
  byte[] essential() {
    return essential.toByteArray();
  }

  private void walk(PixelLimit limit) throws MalformedImageException {
    essential.write(bytes.array(), 0, SIGNATURE_BYTES);
    long at = SIGNATURE_BYTES;
    while (at + 8 <= bytes.length()) {
      long length = bytes.u32BigEndian(at);
      String type = new String(bytes.copy(at + 4, 4), StandardCharsets.ISO_8859_1);
      if ((at == SIGNATURE_BYTES) != type.equals("IHDR")) {
        throw new MalformedImageException(
            "has a PNG chunk " + printable(type) + " at byte " + at + " where IHDR is to be first");
      }
      if (type.equals("IDAT")) {
        imageData(at + 8, length);
      } else if (type.equals("IEND") || (dataBytes > 0 && length > bytes.length() - at - 12)) {
        break;
      } else {
        chunk(type, at, length, limit);
      }
      at += 12 + length;
    }
    limit.checkRatio(width, height, dataBytes, MAX_PIXELS_PER_BYTE);
    write("IEND", new byte[0], 0, 0);
  }

  private void chunk(String type, long at, long length, PixelLimit limit)
      throws MalformedImageException {
    bytes.require(at + 8, length + 4);
    long checksum = checksum(bytes.array(), (int) at + 4, (int) length + 4);
    if (checksum != bytes.u32BigEndian(at + 8 + length)) {
      if (dataBytes > 0) {
        return;
      }
      throw new MalformedImageException(
          "is damaged: the checksum of PNG chunk "
              + printable(type)
              + " at byte "
              + at
              + " is wrong");
    }
    switch (type) {
      case "IHDR" -> {
        width = (int) Math.min(bytes.u32BigEndian(at + 8), Integer.MAX_VALUE);
        height = (int) Math.min(bytes.u32BigEndian(at + 12), Integer.MAX_VALUE);
        limit.check(width, height);
        write(type, bytes.array(), (int) at + 8, (int) length);
      }
      case "PLTE" -> write(type, bytes.array(), (int) at + 8, (int) length);
      case "eXIf" -> exif = bytes.copy(at + 8, length);
      case "tEXt", "zTXt", "iTXt" -> text(type, bytes.copy(at + 8, length));
      default -> {}
    }
  }

  private void imageData(long at, long length) {
    int there = (int) Math.min(length, bytes.length() - at);
    dataBytes += there;
    write("IDAT", bytes.array(), (int) at, there);
  }

  private void write(String type, byte[] data, int offset, int length) {
    byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data, offset, length);
    write32(length);
    essential.write(name, 0, name.length);
    essential.write(data, offset, length);
    write32((int) crc.getValue());
  }

  private void write32(int value) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      essential.write(value >> shift);
    }
  }

  private static long checksum(byte[] data, int offset, int length) {
    CRC32 crc = new CRC32();
    crc.update(data, offset, length);
    return crc.getValue();
  }

  /** Keeps the texts that can hold an orientation: of several of a kind the last, as Pillow. */
  private void text(String type, byte[] chunk) {
    PngText text = PngText.parse(type, chunk);
    if (text == null || !TEXTS.contains(text.key())) {
      return;
    }
    if (text.compressed()) {
      byte[] inflated = ++compressedTexts > MAX_COMPRESSED_TEXTS ? null : text.inflated();
      if (inflated == null && text.international()) {
        return;
      }
      text = text.inflatedTo(inflated == null ? new byte[0] : inflated);
    }
    if (text.international() && !text.isUnicode()) {
      xmpNotUnicode = text.key().equals(XMP) ? text.value() : xmpNotUnicode;
    } else if (text.key().equals(XMP)) {
      xmp = text.value();
    } else {
      rawProfile = new String(text.value(), StandardCharsets.ISO_8859_1);
    }
  }

  /** ImageMagick's form: an empty line, a name, a length, then lines of hexadecimal digits. */
  private static byte[] unhex(String text) throws MalformedImageException {
    String[] lines = text.split("\n", 4);
    try {
      return HexFormat.of().parseHex(lines.length < 4 ? "" : lines[3].replaceAll("\\s", ""));
    } catch (IllegalArgumentException notHexadecimal) {
      throw new MalformedImageException(
          "has EXIF data in a text that is not hexadecimal; without the orientation"
              + " (--no-orientation) the picture can be read");
    }
  }

  private static String printable(String type) {
    return type.chars().allMatch(c -> c > ' ' && c < 0x7F)
        ? type
        : HexFormat.of().formatHex(type.getBytes(StandardCharsets.ISO_8859_1));
  }
}
