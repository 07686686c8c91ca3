package io.github.tornadovit.engine.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class HeatMapTest {
  private static RgbImage gray(int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    java.util.Arrays.fill(rgb, (byte) 100);
    return RgbImage.of(width, height, rgb);
  }

  private static int lightness(RgbImage image, int x, int y) {
    byte[] rgb = image.toByteArray();
    int at = (y * image.width() + x) * 3;
    return (rgb[at] & 0xFF) + (rgb[at + 1] & 0xFF) + (rgb[at + 2] & 0xFF);
  }

  @Test
  void thePatchOfTheGreatestValueIsTheLightest() {
    RgbImage image = gray(480, 480);
    RgbImage map = HeatMap.over(image, new float[] {0.1f, 0.2f, 0.9f, 0.3f}, 2, 2, 240, 240);
    assertThat(map.toString()).isEqualTo("480x480");
    int topLeft = lightness(map, 120, 120);
    int topRight = lightness(map, 360, 120);
    int bottomLeft = lightness(map, 120, 360);
    int bottomRight = lightness(map, 360, 360);
    assertThat(bottomLeft).isGreaterThan(bottomRight);
    assertThat(bottomRight).isGreaterThan(topRight);
    assertThat(topRight).isGreaterThan(topLeft);
  }

  @Test
  void smallImagesAreEnlargedAndPixelsOfNoPatchStayGray() {
    RgbImage map = HeatMap.over(gray(50, 50), new float[] {1, 2, 3, 4}, 2, 2, 20, 20);
    assertThat(map.toString()).isEqualTo("400x400");
    assertThat(lightness(map, 390, 390)).isEqualTo(300);
    assertThat(lightness(map, 300, 300)).isNotEqualTo(300);
  }

  @Test
  void equalValuesAreDrawnAsTheLeast() {
    RgbImage map = HeatMap.over(gray(448, 448), new float[] {7}, 1, 1, 448, 448);
    assertThat(lightness(map, 0, 0)).isEqualTo(lightness(map, 447, 447)).isLessThan(300);
  }

  @Test
  void colorsAreThoseOfInferno() {
    // Colours 0, 40, 128 and 255 of matplotlib's table.
    double[][] expected = {{0, 0, 4}, {47, 10, 91}, {188, 55, 84}, {252, 255, 164}};
    int[] positions = {0, 40, 128, 255};
    for (int i = 0; i < positions.length; i++) {
      for (int channel = 0; channel < 3; channel++) {
        assertThat(Inferno.channel(positions[i] / 255.0, channel))
            .isCloseTo(expected[i][channel], org.assertj.core.data.Offset.offset(4.0));
      }
    }
  }

  @Test
  void pngHoldsThePixels() throws IOException {
    RgbImage image = RgbImage.of(2, 1, new byte[] {1, 2, 3, -1, 0, 127});
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    HeatMap.writePng(image, bytes);
    var read = ImageIO.read(new ByteArrayInputStream(bytes.toByteArray()));
    assertThat(read.getRGB(0, 0) & 0xFFFFFF).isEqualTo(0x010203);
    assertThat(read.getRGB(1, 0) & 0xFFFFFF).isEqualTo(0xFF007F);
  }
}
