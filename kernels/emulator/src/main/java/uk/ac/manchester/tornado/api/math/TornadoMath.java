package uk.ac.manchester.tornado.api.math;

/** Single-precision functions that every device compiles to an instruction or a library call. */
public class TornadoMath {
  private TornadoMath() {}

  public static float min(float a, float b) {
    return Math.min(a, b);
  }

  public static int min(int a, int b) {
    return Math.min(a, b);
  }

  public static float max(float a, float b) {
    return Math.max(a, b);
  }

  public static int max(int a, int b) {
    return Math.max(a, b);
  }

  public static float abs(float value) {
    return Math.abs(value);
  }

  public static int abs(int value) {
    return Math.abs(value);
  }

  public static int clamp(int value, int min, int max) {
    return Math.clamp(value, min, max);
  }

  public static float exp(float value) {
    return (float) Math.exp(value);
  }

  public static float log(float value) {
    return (float) Math.log(value);
  }

  public static float sqrt(float value) {
    return (float) Math.sqrt(value);
  }

  public static float pow(float base, float exponent) {
    return (float) Math.pow(base, exponent);
  }

  public static float tanh(float value) {
    return (float) Math.tanh(value);
  }

  public static float floor(float value) {
    return (float) Math.floor(value);
  }

  public static float ceil(float value) {
    return (float) Math.ceil(value);
  }
}
