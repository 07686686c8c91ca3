package io.github.tornadovit.kernels.machinecode;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.kernels.cpu.CodedLoops;
import io.github.tornadovit.kernels.cpu.FloatRows;
import io.github.tornadovit.kernels.cpu.InnerLoops;
import io.github.tornadovit.kernels.cpu.PanelPart;
import io.github.tornadovit.kernels.cpu.ScalarLoops;
import io.github.tornadovit.kernels.testing.EveryLoops;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The check at start-up: right loops pass, and one wrong value of any method is found. */
class LoopsCheckTest {

  static Stream<InnerLoops> everyLoops() {
    return EveryLoops.all();
  }

  @ParameterizedTest
  @MethodSource("everyLoops")
  void rightLoopsPass(InnerLoops loops) {
    assertThat(LoopsCheck.wrong(loops)).isNull();
  }

  @Test
  void anUndisturbedCopyPasses() {
    assertThat(LoopsCheck.wrong(new Disturbed("nothing", 0.5f))).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "tile of 1, a product of 1 rows",
    "tile of 2, a product of 2 rows",
    "tile of 4, a product of 4 rows",
    "store, store",
    "store scaled, store",
    "store added, store",
    "store scaled added, store",
    "gelu, gelu",
    "softmax, softmax",
    "softmax biased, softmax",
    "sum, softmax",
    "sum biased, softmax",
    "normalise, layer norm"
  })
  void oneWrongValueIsFoundAndNamed(String what, String named) {
    for (float error : new float[] {0.5f, -0.5f, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThat(LoopsCheck.wrong(new Disturbed(what, error))).as("%s", error).isEqualTo(named);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tile of 3", "store", "softmax", "sum", "normalise"})
  void aSmallErrorIsFound(String what) {
    assertThat(LoopsCheck.wrong(new Disturbed(what, 1e-2f))).isNotNull();
  }

  /** Scalar loops, but the last value that one method writes is off. */
  private record Disturbed(String what, float error) implements InnerLoops {
    private static final InnerLoops RIGHT = new ScalarLoops();

    private float of(String method, float value) {
      return what.equals(method) ? value + error : value;
    }

    @Override
    public String description() {
      return what + " disturbed";
    }

    @Override
    public CodedLoops int8() {
      return RIGHT.int8();
    }

    @Override
    public int tileRows() {
      return RIGHT.tileRows();
    }

    @Override
    public int panelColumns() {
      return RIGHT.panelColumns();
    }

    @Override
    public void multiplyTile(FloatRows a, int rows, PanelPart panel, FloatRows init, FloatRows c) {
      RIGHT.multiplyTile(a, rows, panel, init, c);
      int last = c.at(rows - 1) + panelColumns() - 1;
      c.array()[last] = of("tile of " + rows, c.array()[last]);
    }

    @Override
    public void activate(Activation activation, float[] x, int offset, int count) {
      RIGHT.activate(activation, x, offset, count);
      x[offset + count - 1] = of("gelu", x[offset + count - 1]);
    }

    @Override
    public void storeRows(
        float[] x,
        int xOffset,
        @Nullable FloatRows scale,
        boolean accumulate,
        FloatRows y,
        int rows,
        int columns) {
      RIGHT.storeRows(x, xOffset, scale, accumulate, y, rows, columns);
      int last = y.at(rows - 1) + columns - 1;
      String what = "store" + (scale == null ? "" : " scaled") + (accumulate ? " added" : "");
      y.array()[last] = of(what, y.array()[last]);
    }

    @Override
    public float exponentials(
        float[] x, int offset, int count, float scale, float @Nullable [] bias, int biasOffset) {
      float sum = RIGHT.exponentials(x, offset, count, scale, bias, biasOffset);
      String biased = bias == null ? "" : " biased";
      x[offset + count - 1] = of("softmax" + biased, x[offset + count - 1]);
      return of("sum" + biased, sum);
    }

    @Override
    public void normalise(
        float[] x,
        int xOffset,
        float[] weight,
        float[] bias,
        float eps,
        float[] y,
        int yOffset,
        int count) {
      RIGHT.normalise(x, xOffset, weight, bias, eps, y, yOffset, count);
      y[yOffset + count - 1] = of("normalise", y[yOffset + count - 1]);
    }
  }
}
