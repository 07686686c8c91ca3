package io.github.tornadovit.kernels.linear;

import static io.github.tornadovit.kernels.program.Operation.require;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.ColumnRanges;
import io.github.tornadovit.kernels.program.Epilogue;
import io.github.tornadovit.kernels.program.Matrix;
import io.github.tornadovit.kernels.program.RowOperation;
import io.github.tornadovit.kernels.program.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer with its epilogue: {@code y = epilogue(x W^T + bias)}, row by row.
 *
 * <p>Shapes: {@code x [B, R, K]}, {@code W [N, K]}, {@code bias [N]}, {@code y [B, R, N]}.
 *
 * <p>NaN and infinities: one in a row of x reaches that row of y, one in row n of W or element n of
 * bias or scale reaches column n, one in what is added its element. There the result is what the
 * formula gives: {@code relu(-inf)} is 0, {@code tanh(inf)} 1, while {@code gelu(-inf)} and {@code
 * silu(-inf)} are NaN, minus infinity times 0. In int8 a row of x or W that holds one has no scale,
 * so that all that it is multiplied with is NaN: that row of y, or that column.
 *
 * @param input x
 * @param matrix W, as checkpoints store it: one row per output; and its precision
 * @param bias added to the product, or null for none
 * @param epilogue of the biased product
 * @param output y
 */
public record Linear(
    Buffer input, Matrix matrix, @Nullable Weight bias, Epilogue epilogue, Buffer output)
    implements RowOperation {

  public Linear {
    int n = matrix.rows();
    require(input.columns() == matrix.columns(), "linear: input %s, weight %s", input, matrix);
    require(output.columns() == n, "linear: output %s, weight %s", output, matrix);
    require(output.rows() == input.rows(), "linear: input %s, output %s", input, output);
    require(bias == null || (bias.rows() == 1 && bias.columns() == n), "linear: bias %s", bias);
    switch (epilogue) {
      case Epilogue.Activate _ -> {}
      case Epilogue.Residual(Buffer added, Weight scale) -> {
        require(
            added.rows() == output.rows() && added.columns() == n,
            "linear: %s is added, output %s",
            added,
            output);
        require(
            scale == null || (scale.rows() == 1 && scale.columns() == n),
            "linear: scale %s",
            scale);
      }
    }
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

  /** {@code y = added + scale * (x W^T + bias)}: the end of a residual branch. */
  public static Linear residual(
      Buffer added,
      Buffer input,
      Weight weight,
      @Nullable Weight bias,
      @Nullable Weight scale,
      Buffer output) {
    Epilogue epilogue = new Epilogue.Residual(added, scale);
    return new Linear(input, Matrix.of(weight), bias, epilogue, output);
  }

  /** The same layer in another precision. */
  public Linear in(Precision precision) {
    return in(precision, null);
  }

  /** The same layer in another precision, for an input of which something is known. */
  public Linear in(Precision precision, @Nullable ColumnRanges inputs) {
    return new Linear(input, new Matrix(weight(), precision, inputs), bias, epilogue, output);
  }

  @Override
  public Linear on(UnaryOperator<Buffer> inputs, Buffer otherOutput) {
    Buffer otherInput = inputs.apply(input);
    Epilogue otherEpilogue =
        switch (epilogue) {
          case Epilogue.Activate activate -> activate;
          case Epilogue.Residual(Buffer added, Weight scale) ->
              new Epilogue.Residual(inputs.apply(added), scale);
        };
    return new Linear(otherInput, matrix, bias, otherEpilogue, otherOutput);
  }

  @Override
  public boolean isAffine() {
    return switch (epilogue) {
      case Epilogue.Activate(Activation activation) -> activation == Activation.IDENTITY;
      case Epilogue.Residual _ -> true;
    };
  }

  /** W in float32. */
  public Weight weight() {
    return matrix.weight();
  }

  /** The layer scale, where there is one. */
  @Nullable Weight scale() {
    return switch (epilogue) {
      case Epilogue.Activate _ -> null;
      case Epilogue.Residual(_, Weight scale) -> scale;
    };
  }

  /** What is added; where nothing is, the output, as a kernel has to be given an array. */
  Buffer addedOrOutput() {
    return switch (epilogue) {
      case Epilogue.Activate _ -> output;
      case Epilogue.Residual(Buffer added, _) -> added;
    };
  }

  @Override
  public Precision precision() {
    return matrix.precision();
  }

  @Override
  public List<Buffer> inputs() {
    return switch (epilogue) {
      case Epilogue.Activate _ -> List.of(input);
      case Epilogue.Residual(Buffer added, _) -> List.of(input, added);
    };
  }

  @Override
  public List<Buffer> overwritable() {
    return switch (epilogue) {
      case Epilogue.Activate _ -> List.of();
      case Epilogue.Residual(Buffer added, _) -> List.of(added);
    };
  }

  @Override
  public List<Weight> weights() {
    List<Weight> weights = new ArrayList<>(List.of(weight()));
    if (bias != null) {
      weights.add(bias);
    }
    Weight scale = scale();
    if (scale != null) {
      weights.add(scale);
    }
    return weights;
  }

  /** As for every operation; W in the bytes of its precision. */
  @Override
  public long weightBytes() {
    long elements = (long) matrix.rows() * matrix.columns();
    int saved = Float.BYTES - matrix.precision().bytes();
    return RowOperation.super.weightBytes() - saved * elements;
  }

  @Override
  public long flops() {
    return 2L * input.rows() * input.columns() * output.columns();
  }
}
