package io.github.tornadovit.base.tensor;

/**
 * The element type of a stored tensor, little-endian. Names are those of the safetensors format.
 *
 * <p>Only the {@linkplain #isFloat() floating point} types of 16 bits and more can be read as
 * weights; the others are known so that a file that carries them (index buffers, counters) opens.
 */
public enum DType {
  BOOL(1),
  U8(1),
  I8(1),
  F8_E5M2(1),
  F8_E4M3(1),
  I16(2),
  U16(2),
  F16(2),
  BF16(2),
  I32(4),
  U32(4),
  F32(4),
  I64(8),
  U64(8),
  F64(8),
  C64(8);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** Size of one element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** True for F16, BF16, F32 and F64: the types that convert to float32. */
  public boolean isFloat() {
    return this == F16 || this == BF16 || this == F32 || this == F64;
  }
}
