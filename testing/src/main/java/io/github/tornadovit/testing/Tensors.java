package io.github.tornadovit.testing;

import io.github.tornadovit.base.tensor.DType;
import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.base.tensor.TensorView;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Tensors of zeros by name, where the names matter. */
public final class Tensors {
  private Tensors() {}

  /** A tensor {@code [2, 4]} for each name: a classifier of two classes, if it is one. */
  public static Map<String, TensorView> named(String... names) {
    return Arrays.stream(names)
        .collect(Collectors.toMap(Function.identity(), name -> of(name, 2, 4)));
  }

  /** A tensor of a shape. */
  public static TensorView of(String name, long... extents) {
    Shape shape = Shape.of(extents);
    MemorySegment zeros =
        MemorySegment.ofArray(new byte[Math.toIntExact(shape.elements() * DType.F32.bytes())]);
    return TensorView.of(name, "model.safetensors", DType.F32, shape, zeros);
  }
}
