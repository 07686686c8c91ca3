package io.github.tornadovit.engine.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tornadovit.engine.probe.Lbfgs.Minimum;
import io.github.tornadovit.testing.Golden;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The regression against its own differences, and its minimum against scikit-learn's. */
class SoftmaxRegressionTest {
  @ParameterizedTest
  @CsvSource({"1,1,2", "7,3,2", "18,5,3", "67,4,11"})
  void theGradientIsThatOfTheValue(int count, int width, int classes) {
    Random random = new Random(count);
    float[] rows = new float[count * width];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) random.nextGaussian();
    }
    int[] labels = random.ints(count, 0, classes).toArray();
    SoftmaxRegression regression = new SoftmaxRegression(rows, labels, classes, 0.3);
    double[] point = random.doubles(regression.size(), -1, 1).toArray();
    double[] gradient = new double[point.length];
    regression.evaluate(point, gradient);
    for (int i = 0; i < point.length; i++) {
      double step = 1e-5;
      double slope =
          (moved(regression, point, i, step) - moved(regression, point, i, -step)) / (2 * step);
      assertThat(gradient[i]).as("element %d", i).isCloseTo(slope, within(1e-8));
    }
  }

  private static double moved(SoftmaxRegression regression, double[] point, int i, double step) {
    double[] other = point.clone();
    other[i] += step;
    return regression.evaluate(other, new double[point.length]);
  }

  @ParameterizedTest
  @CsvSource({"wine,0.01", "wine,1", "wine,50", "cancer,0.01", "cancer,1", "cancer,50"})
  void theMinimumIsThatOfScikitLearn(String data, String c) throws IOException {
    Golden golden = Golden.read(Golden.path("probe/probe.safetensors"));
    Golden.Tensor features = golden.tensor(data + "/features");
    int width = features.shape()[1];
    List<float[]> rows =
        IntStream.range(0, features.shape()[0])
            .mapToObj(row -> Arrays.copyOfRange(features.floats(), row * width, (row + 1) * width))
            .toList();
    byte[] ids = golden.tensor(data + "/labels").bytes();
    int[] labels = IntStream.range(0, ids.length).map(i -> ids[i]).toArray();
    Golden.Tensor probabilities = golden.tensor(data + "/" + c + "/probabilities");
    int classes = probabilities.shape()[1];

    float[] standardized = Standardization.of(rows).apply(rows);
    SoftmaxRegression regression =
        new SoftmaxRegression(standardized, labels, classes, Double.parseDouble(c));
    Minimum minimum = new Lbfgs(1e-9, 10_000).minimize(regression, new double[regression.size()]);

    assertThat(minimum.converged()).isTrue();
    double expected = Golden.json(Golden.path("probe/expected.json")).get(data).get(c).asDouble();
    assertThat(minimum.value()).isCloseTo(expected, within(1e-7 * expected));
    for (int row = 0; row < ids.length; row++) {
      double[] answer = softmax(minimum.point(), standardized, row, width, classes);
      for (int k = 0; k < classes; k++) {
        assertThat(answer[k])
            .as("row %d, class %d", row, k)
            .isCloseTo(probabilities.floats()[row * classes + k], within(1e-4));
      }
    }
  }

  private static double[] softmax(
      double[] parameters, float[] rows, int row, int width, int classes) {
    double[] scores = new double[classes];
    for (int k = 0; k < classes; k++) {
      double logit = parameters[width * classes + k];
      for (int i = 0; i < width; i++) {
        logit += rows[row * width + i] * parameters[i * classes + k];
      }
      scores[k] = Math.exp(logit);
    }
    double sum = Arrays.stream(scores).sum();
    return Arrays.stream(scores).map(score -> score / sum).toArray();
  }
}
