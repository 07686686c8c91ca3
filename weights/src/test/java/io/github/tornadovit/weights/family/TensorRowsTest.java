package io.github.tornadovit.weights.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.base.tensor.DType;
import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.base.tensor.TensorView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** Parts of fused tensors. */
class TensorRowsTest {
  @Test
  void rowsAreAPartOfTheFirstAxis() {
    MemorySegment data = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, 0, 1, 2, 3, 4, 5);
    TensorView tensor = TensorView.of("t", "f", DType.F32, Shape.of(3, 2), data);
    assertThat(tensor.rows(1, 2).shape()).isEqualTo(Shape.of(2, 2));
    assertThat(tensor.rows(1, 2).toArray()).containsExactly(2, 3, 4, 5);
    assertThat(tensor.rows(3, 0).toArray()).isEmpty();
    TensorView transposed =
        TensorView.strided("t", "f", DType.F32, Shape.of(2, 3), new long[] {1, 2}, data);
    assertThat(transposed.rows(1, 1).toArray()).containsExactly(1, 3, 5);
    assertThatThrownBy(() -> tensor.rows(2, 2)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
