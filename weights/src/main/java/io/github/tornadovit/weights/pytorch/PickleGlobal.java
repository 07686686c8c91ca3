package io.github.tornadovit.weights.pytorch;

import io.github.tornadovit.base.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * The names that a pickle may refer to. They are tokens: what each one does is written in {@link
 * PickleReader}, no class is ever looked up by them.
 */
enum PickleGlobal implements PickleValue {
  ORDERED_DICT("collections", "OrderedDict", null),
  REBUILD_TENSOR("torch._utils", "_rebuild_tensor_v2", null),
  REBUILD_PARAMETER("torch._utils", "_rebuild_parameter", null),
  FLOAT_STORAGE("torch", "FloatStorage", DType.F32),
  HALF_STORAGE("torch", "HalfStorage", DType.F16),
  BFLOAT16_STORAGE("torch", "BFloat16Storage", DType.BF16),
  DOUBLE_STORAGE("torch", "DoubleStorage", DType.F64),
  LONG_STORAGE("torch", "LongStorage", DType.I64),
  INT_STORAGE("torch", "IntStorage", DType.I32),
  SHORT_STORAGE("torch", "ShortStorage", DType.I16),
  CHAR_STORAGE("torch", "CharStorage", DType.I8),
  BYTE_STORAGE("torch", "ByteStorage", DType.U8),
  BOOL_STORAGE("torch", "BoolStorage", DType.BOOL),
  COMPLEX_FLOAT_STORAGE("torch", "ComplexFloatStorage", DType.C64);

  private static final String CUDA = "torch.cuda";

  private final String module;
  private final String symbol;
  private final @Nullable DType dtype;

  PickleGlobal(String module, String symbol, @Nullable DType dtype) {
    this.module = module;
    this.symbol = symbol;
    this.dtype = dtype;
  }

  /** The token of a name, or null for one that is not allowed. */
  static @Nullable PickleGlobal of(String module, String symbol) {
    for (PickleGlobal global : values()) {
      boolean inModule =
          global.module.equals(module) || (global.dtype != null && CUDA.equals(module));
      if (inModule && global.symbol.equals(symbol)) {
        return global;
      }
    }
    return null;
  }

  /** The element type of a storage class, or null for the other names. */
  @Nullable DType dtype() {
    return dtype;
  }

  @Override
  public String kind() {
    return module + " " + symbol;
  }
}
