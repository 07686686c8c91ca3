package io.github.tornadovit.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.engine.evaluation.Agreement;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultComparisonTest {
  private static final Agreement GOOD = new Agreement(1e-6, 1e-6, 8, 8);

  private static Result of(Agreement agreement, double... millis) {
    return Synthetic.result(
        Synthetic.WARM,
        Synthetic.model(
            "m",
            List.of(Synthetic.row(Synthetic.CPU, Mode.FORWARD, 8, agreement, millis)),
            Synthetic.CPU));
  }

  private static ResultComparison.Change compare(Result a, Result b) {
    return ResultComparison.of(a, b).changes().getFirst();
  }

  /** Noise is 5 % in each: 95 to 105 around 100, so up to 10 % means nothing. */
  @Test
  void slowerWithinTheNoiseOfBothIsNotFlagged() {
    ResultComparison.Change change =
        compare(of(GOOD, 95, 100, 105, 99, 101), of(GOOD, 104, 109, 114, 109, 109));
    assertThat(change.speed()).isEqualTo(ResultComparison.Speed.SAME);
    assertThat(change.flagged()).isFalse();
  }

  @Test
  void slowerBeyondTheNoiseIsFlagged() {
    Result a = of(GOOD, 95, 100, 105, 99, 101);
    Result b = of(GOOD, 110, 115, 120, 115, 115);
    assertThat(compare(a, b).speed()).isEqualTo(ResultComparison.Speed.SLOWER);
    assertThat(compare(a, b).flagged()).isTrue();
    assertThat(compare(b, a).speed()).isEqualTo(ResultComparison.Speed.FASTER);
    assertThat(compare(b, a).flagged()).isFalse();
    assertThat(MarkdownPage.write(ResultComparison.of(a, b).blocks()))
        .contains("Flagged: 1 of 1 measurements", "SLOWER", "+15.0 %", "± 9.3 %");
    assertThat(MarkdownPage.write(ResultComparison.of(b, a).blocks()))
        .contains("Nothing became slower or less accurate");
  }

  @Test
  void lessAccurateIsFlagged() {
    Result a = of(GOOD, 100, 100, 100);
    assertThat(compare(a, of(new Agreement(2e-3, 2e-3, 8, 8), 100, 100, 100)).lessAccurate())
        .isTrue();
    assertThat(compare(a, of(new Agreement(1e-6, 1e-6, 7, 8), 100, 100, 100)).lessAccurate())
        .isTrue();
    assertThat(compare(a, of(new Agreement(5e-5, 5e-5, 8, 8), 100, 100, 100)).lessAccurate())
        .isTrue();
    assertThat(compare(a, of(new Agreement(Double.NaN, Double.NaN, 0, 8), 100, 100, 100)).flagged())
        .isTrue();
    assertThat(compare(a, of(new Agreement(3e-6, 3e-6, 8, 8), 100, 100, 100)).flagged()).isFalse();
  }

  @Test
  void whatOnlyOneOfThemHasIsNamed() {
    Result a = of(GOOD, 100, 100, 100);
    Result b =
        Synthetic.result(
            Synthetic.WARM,
            Synthetic.model(
                "m",
                List.of(Synthetic.row(Synthetic.PEER, Mode.FORWARD, 8, 100, 100)),
                Synthetic.PEER));
    assertThat(ResultComparison.of(a, b).onlyInOne())
        .containsExactly(
            "only in A: m, tornado-vit, CPU, forward with copies, batch 8",
            "only in B: m, ONNX Runtime (Java), forward with copies, batch 8");
  }

  @Test
  void anotherMachineIsSaid() {
    Result a = of(GOOD, 100, 100, 100);
    Result b =
        new Result(
            1,
            a.date(),
            a.commit(),
            "another",
            a.conditions(),
            a.protocol(),
            a.peak(),
            a.devices(),
            "",
            a.models());
    assertThat(MarkdownPage.write(ResultComparison.of(a, b).blocks()))
        .contains("The machines differ");
  }
}
