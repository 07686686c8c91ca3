package io.github.tornadovit.kernels.fuzz;

import io.github.tornadovit.kernels.pooling.Average;
import io.github.tornadovit.kernels.pooling.MeanTokens;
import io.github.tornadovit.kernels.pooling.SelectTokens;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

/** Everything that pools. */
final class FuzzedPooling {
  private FuzzedPooling() {}

  private static Parameters shape(Random random, int most) {
    return new Parameters()
        .put("batch", 1 + random.nextInt(4))
        .size("rows", random, most)
        .size("width", random, 2 * most);
  }

  private static Buffer buffer(String name, Parameters parameters) {
    return new Buffer(name, parameters.get("rows"), parameters.get("width"));
  }

  private static float[] contents(Parameters parameters, ValueSource values) {
    return values.activations(
        parameters.get("batch") * parameters.get("rows"), parameters.get("width"));
  }

  /** What is moved comes unchanged, if the device tells it from zero. */
  static double moved(double smallest) {
    return smallest > Float.MIN_VALUE ? smallest : 0;
  }

  private static Trial moving(Operation op, int batch, Map<Buffer, float[]> contents) {
    return new Trial(
        op,
        batch,
        contents,
        smallest -> {
          double[] bounds = new double[batch * op.output().size()];
          Arrays.fill(bounds, moved(smallest));
          return bounds;
        });
  }

  /** Tokens that follow one another. */
  static final class Select implements OperationTarget {
    @Override
    public Class<? extends Operation> type() {
      return SelectTokens.class;
    }

    @Override
    public Parameters draw(Random random, int most) {
      Parameters parameters = shape(random, most);
      int first = random.nextInt(parameters.get("rows"));
      return parameters
          .put("first", first)
          .put("count", 1 + random.nextInt(parameters.get("rows") - first));
    }

    @Override
    public Trial trial(Parameters parameters, ValueSource values) {
      Buffer x = buffer("x", parameters);
      Map<Buffer, float[]> contents = Map.of(x, contents(parameters, values));
      values.plant();
      Buffer y = new Buffer("y", parameters.get("count"), x.columns());
      SelectTokens op = new SelectTokens(x, parameters.get("first"), y);
      return moving(op, parameters.get("batch"), contents);
    }
  }

  /** The mean of tokens. */
  static final class Mean implements OperationTarget {
    @Override
    public Class<? extends Operation> type() {
      return MeanTokens.class;
    }

    @Override
    public Parameters draw(Random random, int most) {
      Parameters parameters = shape(random, most);
      int first = random.nextInt(Math.min(3, parameters.get("rows")));
      return parameters
          .put("first", first)
          .put("kept", random.nextInt(first + 1))
          .flag("sideBySide", random);
    }

    @Override
    public Trial trial(Parameters parameters, ValueSource values) {
      int batch = parameters.get("batch");
      Buffer x = buffer("x", parameters);
      float[] contents = contents(parameters, values);
      values.plant();
      int kept = parameters.get("kept");
      Buffer y =
          parameters.is("sideBySide")
              ? new Buffer("y", 1, (kept + 1) * x.columns())
              : new Buffer("y", kept + 1, x.columns());
      MeanTokens op = new MeanTokens(x, parameters.get("first"), y);
      int count = x.rows() - op.first();
      return new Trial(
          op,
          batch,
          Map.of(x, contents),
          smallest -> {
            double[] bounds = new double[batch * y.size()];
            for (int i = 0; i < bounds.length; i++) {
              if (i % y.size() < kept * x.columns()) {
                bounds[i] = moved(smallest);
                continue;
              }
              SumBound sum = new SumBound();
              for (int row = op.first(); row < x.rows(); row++) {
                int at = i / y.size() * x.rows() + row;
                sum.add(contents[at * x.columns() + i % x.columns()]);
              }
              bounds[i] =
                  sum.overflows()
                      ? SumBound.FREE
                      : (sum.error(0, smallest) + SumBound.roundings(4) * sum.magnitude()) / count
                          + smallest;
            }
            return bounds;
          });
    }
  }

  /** The average of two buffers. */
  static final class Averaged implements OperationTarget {
    @Override
    public Class<? extends Operation> type() {
      return Average.class;
    }

    @Override
    public Parameters draw(Random random, int most) {
      return shape(random, most);
    }

    @Override
    public Trial trial(Parameters parameters, ValueSource values) {
      int batch = parameters.get("batch");
      float[] a = contents(parameters, values);
      float[] b = contents(parameters, values);
      values.plant();
      Buffer first = buffer("a", parameters);
      Buffer second = buffer("b", parameters);
      Average op = new Average(first, second, buffer("y", parameters));
      return new Trial(
          op,
          batch,
          Map.of(first, a, second, b),
          smallest -> {
            double[] bounds = new double[a.length];
            for (int i = 0; i < bounds.length; i++) {
              double finite = Double.isFinite((double) a[i] + b[i]) ? 1 : 0;
              bounds[i] =
                  finite * SumBound.roundings(2) * (Math.abs(a[i]) / 2.0 + Math.abs(b[i]) / 2.0)
                      + 2 * smallest;
            }
            return bounds;
          });
    }
  }
}
