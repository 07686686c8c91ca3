package io.github.tornadovit.engine.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.testing.Golden;
import io.github.tornadovit.testing.Golden.Tensor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every pixel of every format equals Pillow's: opened, turned by its orientation, converted to RGB.
 */
class ImageDecoderTest {
  @TestFactory
  Stream<DynamicTest> decodesAsPillow() throws IOException {
    Golden decoded = Golden.read(Golden.path("images/decoded.safetensors"));
    return decoded.names().stream()
        .map(
            name ->
                DynamicTest.dynamicTest(
                    name, () -> check(new ImageDecoder(), name, decoded.tensor(name))));
  }

  @Test
  void servesSeveralThreads() throws IOException {
    Golden decoded = Golden.read(Golden.path("images/decoded.safetensors"));
    ImageDecoder decoder = new ImageDecoder();
    assertThat(
            decoded.names().parallelStream()
                .map(name -> check(decoder, name, decoded.tensor(name)))
                .count())
        .isEqualTo(decoded.names().size());
  }

  private static RgbImage check(ImageDecoder decoder, String name, Tensor expected) {
    RgbImage image = decoder.decode(file(name));
    assertThat(image).as(name).hasToString(expected.shape()[1] + "x" + expected.shape()[0]);
    assertThat(largestDifference(image.pixels(), expected.bytes()))
        .as("%s: largest difference in levels", name)
        .isZero();
    return image;
  }

  private static int largestDifference(byte[] actual, byte[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    int largest = 0;
    for (int i = 0; i < actual.length; i++) {
      largest = Math.max(largest, Math.abs((actual[i] & 0xFF) - (expected[i] & 0xFF)));
    }
    return largest;
  }

  private static Path file(String name) {
    return Golden.path("images/decode/" + name);
  }

  @Test
  void leavesTheOrientationIfToldSo() {
    RgbImage stored = new ImageDecoder(1_000_000, false).decode(file("jpeg-orientation-6.jpg"));
    RgbImage turned = new ImageDecoder().decode(file("jpeg-orientation-6.jpg"));
    assertThat(turned.width()).isEqualTo(stored.height()).isNotEqualTo(stored.width());
    WholeImage whole = new WholeImage();
    whole.picture(stored.picture(), 6);
    assertThat(whole.image().pixels()).isEqualTo(turned.pixels());
  }

  @Test
  void readsPathsArraysAndStreamsAlike() throws IOException {
    Path file = file("png-rgb-8.png");
    byte[] encoded = Files.readAllBytes(file);
    ImageDecoder decoder = new ImageDecoder();
    byte[] pixels = decoder.decode(file).toByteArray();
    assertThat(decoder.decode(encoded, "array").toByteArray()).isEqualTo(pixels);
    assertThat(decoder.decode(new ByteArrayInputStream(encoded), "stream").toByteArray())
        .isEqualTo(pixels);
  }

  @Test
  void convertsAwtImages() {
    int[] types = {
      BufferedImage.TYPE_INT_RGB,
      BufferedImage.TYPE_INT_ARGB,
      BufferedImage.TYPE_INT_ARGB_PRE,
      BufferedImage.TYPE_INT_BGR,
      BufferedImage.TYPE_3BYTE_BGR,
      BufferedImage.TYPE_4BYTE_ABGR
    };
    for (int type : types) {
      BufferedImage image = new BufferedImage(2, 1, type);
      image.setRGB(0, 0, 0xFF102030);
      image.setRGB(1, 0, 0xFFFDFEFF);
      assertThat(ImageDecoder.convert(image).pixels())
          .as("type %d", type)
          .containsExactly(0x10, 0x20, 0x30, 0xFD, 0xFE, 0xFF);
    }
    BufferedImage gray = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY);
    gray.getRaster().setSample(0, 0, 0, 77);
    assertThat(ImageDecoder.convert(gray).pixels()).containsExactly(77, 77, 77);
  }

  @Test
  void takesAndGivesCopies() {
    byte[] rgb = {1, 2, 3};
    RgbImage image = RgbImage.of(1, 1, rgb);
    rgb[0] = 9;
    image.toByteArray()[1] = 9;
    assertThat(image.toByteArray()).containsExactly(1, 2, 3);
  }
}
