package io.github.tornadovit.engine.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tornadovit.engine.probe.Lbfgs.Minimum;
import org.junit.jupiter.api.Test;

class LbfgsTest {
  /** Rosenbrock's valley: {@code (1 - x)² + 100 (y - x²)²}, least at (1, 1). */
  private static double rosenbrock(double[] point, double[] gradient) {
    double x = point[0];
    double y = point[1];
    gradient[0] = 2 * (x - 1) - 400 * x * (y - x * x);
    gradient[1] = 200 * (y - x * x);
    return (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x);
  }

  @Test
  void followsACurvedValleyToItsEnd() {
    double[] start = {-1.2, 1};
    Minimum minimum = new Lbfgs(1e-8, 200).minimize(LbfgsTest::rosenbrock, start);
    assertThat(minimum.converged()).isTrue();
    assertThat(minimum.iterations()).isLessThan(100);
    assertThat(minimum.value()).isCloseTo(0, within(1e-14));
    assertThat(minimum.point()).containsExactly(new double[] {1, 1}, within(1e-7));
    assertThat(start).containsExactly(-1.2, 1);
  }

  @Test
  void saysThatItStoppedShort() {
    Minimum minimum = new Lbfgs(1e-8, 3).minimize(LbfgsTest::rosenbrock, new double[] {-1.2, 1});
    assertThat(minimum.converged()).isFalse();
    assertThat(minimum.iterations()).isEqualTo(3);
    assertThat(minimum.value()).isLessThan(rosenbrock(new double[] {-1.2, 1}, new double[2]));
  }

  @Test
  void staysWhereNothingIsLower() {
    Minimum minimum = new Lbfgs(1e-8, 10).minimize(LbfgsTest::rosenbrock, new double[] {1, 1});
    assertThat(minimum.iterations()).isZero();
    assertThat(minimum.converged()).isTrue();
  }

  @Test
  void endsInDoublePrecisionWhateverTheTolerance() {
    Minimum minimum = new Lbfgs(0, 10_000).minimize(LbfgsTest::rosenbrock, new double[] {-1.2, 1});
    assertThat(minimum.converged()).isTrue();
    assertThat(minimum.iterations()).isLessThan(10_000);
  }
}
