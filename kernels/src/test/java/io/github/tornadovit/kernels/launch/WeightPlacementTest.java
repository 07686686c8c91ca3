package io.github.tornadovit.kernels.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.kernels.program.Weight;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Which array weights lie in, and where. */
class WeightPlacementTest {
  private final Weight a = Weight.of("a", 1, 2, new float[] {1, 2});
  private final Weight b = Weight.of("b", 1, 1, new float[] {3});
  private final Weight c = Weight.of("c", 2, 2, new float[] {4, 5, 6, 7});

  private static WeightPlacement placement(List<PackedWeight> first, List<PackedWeight> second) {
    SequencedMap<String, List<PackedWeight>> sections = new LinkedHashMap<>();
    sections.put("first", first);
    sections.put("second", second);
    return new WeightPlacement(sections);
  }

  @Test
  void eachSectionHasAnArrayAndWhatSeveralReadAnother() {
    PlainWeights shared = PlainWeights.of(b);
    WeightPlacement placement =
        placement(
            List.of(PlainWeights.of(a), shared, PlainWeights.of(a)),
            List.of(PlainWeights.of(c, a), PlainWeights.of(b), PlainWeights.of(a, null)));
    assertThat(placement.bytes()).isEqualTo(4 * (3 + 6));
    assertThat(placement.largestBytes()).isEqualTo(4 * 6);
    WeightPlacement.Packed packed = placement.pack();
    assertThat(packed.arrays().stream().map(array -> ((FloatArray) array).toHeapArray()))
        .containsExactly(new float[] {3, 1, 2}, new float[] {4, 5, 6, 7, 1, 2});
    assertThat(packed.place(PlainWeights.of(a)).offset()).isEqualTo(1);
    assertThat(packed.place(PlainWeights.of(a)).array())
        .isSameAs(packed.place(shared).array())
        .isNotSameAs(packed.place(PlainWeights.of(c, a)).array());
  }

  @Test
  void kernelsWithoutWeightsShareOneZero() {
    WeightPlacement.Packed packed =
        placement(
                List.of(PlainWeights.of((Weight) null)),
                List.of(PlainWeights.of(b), PlainWeights.of()))
            .pack();
    assertThat(packed.arrays().stream().map(array -> ((FloatArray) array).toHeapArray()))
        .containsExactly(new float[] {0}, new float[] {3});
    assertThatThrownBy(() -> packed.place(PlainWeights.of(c))).hasMessageContaining("c [2, 2]");
  }

  @Test
  void noArrayHoldsMoreThanAnIntCounts() {
    PackedWeight large =
        new PackedWeight() {
          @Override
          public long bytes() {
            return 4L << 31;
          }

          @Override
          public void writeTo(MemorySegment destination) {}
        };
    WeightPlacement placement = placement(List.of(large), List.of());
    assertThat(placement.largestBytes()).isEqualTo(4L << 31);
    assertThatThrownBy(placement::pack)
        .hasMessage(
            "the weights of 'first' are 2147483648 floats, one array holds at most 2147483647");
  }
}
