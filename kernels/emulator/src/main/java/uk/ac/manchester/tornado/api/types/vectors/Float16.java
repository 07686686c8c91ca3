package uk.ac.manchester.tornado.api.types.vectors;

/** A vector of 16 floats. */
public final class Float16 {
  private static final int WIDTH = 16;

  private final float[] lanes;

  public Float16() {
    lanes = new float[WIDTH];
  }

  public Float16(
      float s0,
      float s1,
      float s2,
      float s3,
      float s4,
      float s5,
      float s6,
      float s7,
      float s8,
      float s9,
      float s10,
      float s11,
      float s12,
      float s13,
      float s14,
      float s15) {
    lanes = new float[] {s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12, s13, s14, s15};
  }

  public static Float16 add(Float16 a, Float16 b) {
    var sum = new Float16();
    for (int lane = 0; lane < WIDTH; lane++) {
      sum.lanes[lane] = a.lanes[lane] + b.lanes[lane];
    }
    return sum;
  }

  public static Float16 mult(Float16 a, Float16 b) {
    var product = new Float16();
    for (int lane = 0; lane < WIDTH; lane++) {
      product.lanes[lane] = a.lanes[lane] * b.lanes[lane];
    }
    return product;
  }

  public static Float16 mult(Float16 a, float value) {
    var product = new Float16();
    for (int lane = 0; lane < WIDTH; lane++) {
      product.lanes[lane] = a.lanes[lane] * value;
    }
    return product;
  }

  public float get(int lane) {
    return lanes[lane];
  }

  public void set(int lane, float value) {
    lanes[lane] = value;
  }

  public float getS0() {
    return lanes[0];
  }

  public float getS1() {
    return lanes[1];
  }

  public float getS2() {
    return lanes[2];
  }

  public float getS3() {
    return lanes[3];
  }

  public float getS4() {
    return lanes[4];
  }

  public float getS5() {
    return lanes[5];
  }

  public float getS6() {
    return lanes[6];
  }

  public float getS7() {
    return lanes[7];
  }

  public float getS8() {
    return lanes[8];
  }

  public float getS9() {
    return lanes[9];
  }

  public float getS10() {
    return lanes[10];
  }

  public float getS11() {
    return lanes[11];
  }

  public float getS12() {
    return lanes[12];
  }

  public float getS13() {
    return lanes[13];
  }

  public float getS14() {
    return lanes[14];
  }

  public float getS15() {
    return lanes[15];
  }
}
