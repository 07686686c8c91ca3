package uk.ac.manchester.tornado.api.types;

/** A float16. */
public final class HalfFloat {
  private final short bits;

  /** A float rounded to the nearest. */
  public HalfFloat(float value) {
    bits = Float.floatToFloat16(value);
  }

  /** The number of its bits. */
  public HalfFloat(short bits) {
    this.bits = bits;
  }

  /** The bits. */
  public short getHalfFloatValue() {
    return bits;
  }

  public float getFloat32() {
    return Float.float16ToFloat(bits);
  }
}
