package io.github.tornadovit.engine.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tornadovit.testing.Golden;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against {@code torch.nn.functional.interpolate} on grids of N(0, 2). */
class GridInterpolationTest {
  /** A few roundings of values up to 7. */
  private static final double TOLERANCE = 2e-6;

  private static final String FILE = "resolutions/interpolation.safetensors";

  static List<String> cases() throws IOException {
    return Golden.read(Golden.path(FILE)).names().stream()
        .filter(name -> name.endsWith("/source"))
        .map(name -> name.substring(0, name.lastIndexOf('/')))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalsTorch(String name) throws IOException {
    Golden golden = Golden.read(Golden.path(FILE));
    Golden.Tensor source = golden.tensor(name + "/source");
    Golden.Tensor target = golden.tensor(name + "/target");
    GridInterpolation interpolation =
        switch (name.substring(0, name.indexOf('/'))) {
          case "bicubic" -> GridInterpolation.bicubic();
          case "bilinear" -> GridInterpolation.bilinear();
          case "antialiased" -> GridInterpolation.antialiasedBicubic();
          default -> throw new AssertionError(name);
        };
    float[] got = interpolation.apply(source.floats(), 0, grid(source), grid(target), 3);
    assertThat(got).hasSameSizeAs(target.floats());
    double tolerance = grid(source).equals(grid(target)) ? 0 : TOLERANCE;
    for (int i = 0; i < got.length; i++) {
      assertThat((double) got[i])
          .as("element %d", i)
          .isCloseTo(target.floats()[i], within(tolerance));
    }
  }

  private static Extent grid(Golden.Tensor tensor) {
    return new Extent(tensor.shape()[0], tensor.shape()[1]);
  }
}
