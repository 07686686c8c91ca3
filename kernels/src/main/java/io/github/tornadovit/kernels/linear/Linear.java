package io.github.tornadovit.kernels.linear;

import static io.github.tornadovit.kernels.program.Operation.require;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Epilogue;
import io.github.tornadovit.kernels.program.Matrix;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Weight;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer with its epilogue: {@code y = epilogue(x W^T + bias)}, row by row.
 *
 * <p>Shapes: {@code x [B, R, K]}, {@code W [N, K]}, {@code bias [N]}, {@code y [B, R, N]}. {@code
 * x} and {@code y} are different buffers.
 *
 * <p>NaN and infinities: one in a row of x reaches that row of y, one in row n of W or element n of
 * bias or scale reaches column n, one in y itself, if added to, its element. There the result is
 * what the formula gives: {@code relu(-inf)} is 0, {@code tanh(inf)} 1, while {@code gelu(-inf)}
 * and {@code silu(-inf)} are NaN, minus infinity times 0.
 *
 * @param input x
 * @param matrix W, as checkpoints store it: one row per output; and its precision
 * @param bias added to the product, or null for none
 * @param epilogue of the biased product
 * @param output y
 */
public record Linear(
    Buffer input, Matrix matrix, @Nullable Weight bias, Epilogue epilogue, Buffer output)
    implements Operation {

  public Linear {
    int n = matrix.rows();
    require(input.columns() == matrix.columns(), "linear: input %s, weight %s", input, matrix);
    require(output.columns() == n, "linear: output %s, weight %s", output, matrix);
    require(output.rows() == input.rows(), "linear: input %s, output %s", input, output);
    require(bias == null || (bias.rows() == 1 && bias.columns() == n), "linear: bias %s", bias);
    Weight scale = scale(epilogue);
    require(
        scale == null || (scale.rows() == 1 && scale.columns() == n), "linear: scale %s", scale);
    require(!input.equals(output), "linear: input and output are both %s", input);
  }

  /** {@code y = x W^T + bias}. */
  public static Linear of(Buffer input, Weight weight, @Nullable Weight bias, Buffer output) {
    return new Linear(input, Matrix.of(weight), bias, Epilogue.NONE, output);
  }

  /** {@code y = act(x W^T + bias)}. */
  public static Linear activated(
      Buffer input, Weight weight, @Nullable Weight bias, Activation activation, Buffer output) {
    return new Linear(input, Matrix.of(weight), bias, new Epilogue.Activate(activation), output);
  }

  /** {@code y = y + scale * (x W^T + bias)}: the end of a residual branch. */
  public static Linear residual(
      Buffer input, Weight weight, @Nullable Weight bias, @Nullable Weight scale, Buffer output) {
    return new Linear(input, Matrix.of(weight), bias, new Epilogue.Residual(scale), output);
  }

  /** The same layer in another precision. */
  public Linear in(Precision precision) {
    return new Linear(input, new Matrix(weight(), precision), bias, epilogue, output);
  }

  /** The same layer of other buffers. */
  public Linear on(Buffer otherInput, Buffer otherOutput) {
    return new Linear(otherInput, matrix, bias, epilogue, otherOutput);
  }

  /** W in float32. */
  public Weight weight() {
    return matrix.weight();
  }

  private static @Nullable Weight scale(Epilogue epilogue) {
    return switch (epilogue) {
      case Epilogue.Activate _ -> null;
      case Epilogue.Residual(Weight scale) -> scale;
    };
  }

  @Override
  public List<Buffer> inputs() {
    return switch (epilogue) {
      case Epilogue.Activate _ -> List.of(input);
      case Epilogue.Residual _ -> List.of(input, output);
    };
  }

  @Override
  public List<Weight> weights() {
    List<Weight> weights = new ArrayList<>(List.of(weight()));
    if (bias != null) {
      weights.add(bias);
    }
    Weight scale = scale(epilogue);
    if (scale != null) {
      weights.add(scale);
    }
    return weights;
  }

  /** As for every operation; W in the bytes of its precision. */
  @Override
  public long bytes(int batch) {
    long elements = (long) matrix.rows() * matrix.columns();
    int saved = Float.BYTES - matrix.precision().bytes();
    return Operation.super.bytes(batch) - saved * elements;
  }

  @Override
  public long flops() {
    return 2L * input.rows() * input.columns() * output.columns();
  }
}
