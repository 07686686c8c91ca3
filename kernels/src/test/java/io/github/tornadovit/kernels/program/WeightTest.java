package io.github.tornadovit.kernels.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.base.tensor.DType;
import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.base.tensor.TensorView;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightTest {
  private static final Weight TWO_BY_THREE = Weight.of("a", 2, 3, new float[] {1, 2, 3, 4, 5, 6});
  private static final Weight ONE_BY_THREE = Weight.of("b", 1, 3, new float[] {7, 8, 9});

  @Test
  void readsATensorAsAMatrix() {
    MemorySegment data = MemorySegment.ofArray(new float[] {1, 2, 3, 4, 5, 6});
    TensorView tensor = TensorView.of("t", "file", DType.F32, Shape.of(3, 1, 2), data);
    Weight weight = Weight.of(tensor, 3, 2);
    assertThat(weight.toArray()).containsExactly(1, 2, 3, 4, 5, 6);
    float[] rows = new float[5];
    weight.copyRows(1, 2, rows, 1);
    assertThat(rows).containsExactly(0, 3, 4, 5, 6);
    assertThat(weight).hasToString("t [3, 2]");
    Weight vector = Weight.vector(tensor);
    assertThat(vector.rows()).isOne();
    assertThat(vector.columns()).isEqualTo(6);
    assertThatThrownBy(() -> Weight.of(tensor, 2, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tensor 't' has shape [3, 1, 2], which is not 2 x 2 elements");
  }

  @Test
  void stacksRowsAndReadsAnyPart() {
    Weight stacked = Weight.stackRows("s", List.of(TWO_BY_THREE, ONE_BY_THREE, TWO_BY_THREE));
    assertThat(stacked.toArray()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6);
    for (int first = 0; first <= 5; first++) {
      for (int count = 0; first + count <= 5; count++) {
        float[] part = new float[3 * count];
        stacked.copyRows(first, count, part, 0);
        float[] all = stacked.toArray();
        for (int i = 0; i < part.length; i++) {
          assertThat(part[i]).as("%d rows from %d", count, first).isEqualTo(all[3 * first + i]);
        }
      }
    }
    assertThatThrownBy(
            () ->
                Weight.stackRows(
                    "s", List.of(TWO_BY_THREE, Weight.of("c", 1, 2, new float[] {1, 2}))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("weight 's': part 'c' has 2 columns, expected 3");
  }

  @Test
  void staysReadableWhenItsFilePagesAreGivenBack(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("values");
    Files.write(file, new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40});
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file)) {
      MemorySegment data = channel.map(FileChannel.MapMode.READ_ONLY, 0, 8, arena);
      Weight weight = Weight.vector(TensorView.of("t", "file", DType.F32, Shape.of(2), data));
      Weight parts = Weight.concatenate("p", List.of(weight, ONE_BY_THREE));
      assertThat(parts.toArray()).containsExactly(1, 2, 7, 8, 9);
      parts.unload();
      assertThat(parts.toArray()).containsExactly(1, 2, 7, 8, 9);
      arena.close();
      // That the request reaches the file's mapping is seen once that is gone.
      assertThatThrownBy(parts::unload).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void concatenatesVectors() {
    Weight joined =
        Weight.concatenate("j", List.of(ONE_BY_THREE, Weight.of("c", 1, 1, new float[] {0})));
    assertThat(joined.toArray()).containsExactly(7, 8, 9, 0);
    assertThatThrownBy(() -> Weight.concatenate("j", List.of(TWO_BY_THREE)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("part 'a' has 2 rows, expected 1");
  }

  @Test
  void refusesWrongSizesAndRanges() {
    assertThatThrownBy(() -> Weight.of("w", 2, 2, new float[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("weight 'w' has 3 values, expected 2 x 2");
    assertThatThrownBy(() -> Weight.of("w", 0, 2, new float[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[0, 2]");
    assertThatThrownBy(() -> TWO_BY_THREE.copyRows(1, 2, new float[6], 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> TWO_BY_THREE.copyRows(-1, 1, new float[6], 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> TWO_BY_THREE.copyRows(0, 2, new float[6], 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
