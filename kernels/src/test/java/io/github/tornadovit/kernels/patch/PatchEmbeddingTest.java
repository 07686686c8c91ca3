package io.github.tornadovit.kernels.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.testing.Agreement;
import io.github.tornadovit.kernels.testing.RandomValues;
import io.github.tornadovit.kernels.testing.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatchEmbeddingTest {

  @Test
  void referenceFlattensPatchesByChannelThenRowThenColumn() {
    // Two channels of 2 x 4 pixels, patches of 2 x 2: W picks one element of the patch per output.
    Buffer pixels = new Buffer("pixels", 4, 4);
    Buffer y = new Buffer("y", 2, 8);
    float[] identity = new float[64];
    for (int i = 0; i < 8; i++) {
      identity[9 * i] = 1;
    }
    Weight w = Weight.of("w", 8, 8, identity);
    Weight bias = Weight.of("bias", 1, 8, new float[] {100, 0, 0, 0, 0, 0, 0, 0});
    Program program = program(new PatchEmbedding(pixels, 2, 2, 2, w, bias, y));
    float[] got =
        Agreement.reference(program, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 16, 17, 18);
    assertThat(got).containsExactly(101, 2, 5, 6, 11, 12, 15, 16, 103, 4, 7, 8, 13, 14, 17, 18);
  }

  @Test
  void pixelsBeyondTheLastWholePatchAreNotRead() {
    Buffer pixels = new Buffer("pixels", 3, 5);
    Buffer y = new Buffer("y", 2, 1);
    Weight w = Weight.of("w", 1, 4, new float[] {1, 1, 1, 1});
    Weight bias = Weight.of("bias", 1, 1, new float[] {0});
    Program program = program(new PatchEmbedding(pixels, 1, 2, 2, w, bias, y));
    float nan = Float.NaN;
    float[] image = {1, 2, 3, 4, nan, 5, 6, 7, 8, nan, nan, nan, nan, nan, nan};
    assertThat(Agreement.reference(program, image)).containsExactly(14, 22);
    Agreement.check("edges", program, new RandomValues(0), Tolerance.exact(), 1, image);
  }

  @ParameterizedTest
  @CsvSource({
    "1,1,1,1,1,1",
    "3,5,7,2,3,13",
    "2,13,9,4,2,40",
    "2,6,6,2,2,5",
    "1,16,15,8,5,3",
    "3,32,32,8,8,33",
    "1,64,64,4,4,20",
    "3,224,224,56,16,10",
  })
  void agrees(int channels, int height, int width, int down, int across, int columns) {
    RandomValues values = new RandomValues(height * width + columns);
    int patches = (height / down) * (width / across);
    int depth = channels * down * across;
    Buffer pixels = new Buffer("pixels", channels * height, width);
    Buffer y = new Buffer("y", patches, columns);
    Weight w = values.weight(columns, depth);
    PatchEmbedding op =
        new PatchEmbedding(pixels, channels, down, across, w, values.vector(columns), y);
    Agreement.check("patches", program(op), values, Tolerance.reduction(depth));
  }

  @Test
  void refusesShapesThatDoNotFit() {
    RandomValues values = new RandomValues(1);
    Buffer pixels = new Buffer("pixels", 12, 4);
    Buffer y = new Buffer("y", 4, 8);
    Weight w = values.weight(8, 12);
    Weight bias = values.vector(8);
    assertThat(new PatchEmbedding(pixels, 3, 2, 2, w, bias, y).height()).isEqualTo(4);
    assertThatThrownBy(() -> new PatchEmbedding(pixels, 5, 2, 2, w, bias, y))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("5 channels");
    assertThatThrownBy(() -> new PatchEmbedding(pixels, 3, 5, 2, w, bias, y))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PatchEmbedding(pixels, 3, 0, 2, w, bias, y))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PatchEmbedding(pixels, 3, 2, 2, values.weight(8, 11), bias, y))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PatchEmbedding(pixels, 3, 2, 2, w, values.vector(7), y))
        .isInstanceOf(IllegalArgumentException.class);
    Buffer five = new Buffer("y", 5, 8);
    assertThatThrownBy(() -> new PatchEmbedding(pixels, 3, 2, 2, w, bias, five))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4 patches");
  }

  private static Program program(PatchEmbedding op) {
    return new Program.Builder(op.pixels()).then(op).output(op.output()).build();
  }
}
