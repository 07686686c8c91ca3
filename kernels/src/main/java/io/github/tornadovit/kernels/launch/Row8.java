package io.github.tornadovit.kernels.launch;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Eight floats of a kernel that stay in registers. TornadoVM's compiler finds that the object never
 * leaves the kernel and keeps its fields as variables; an array it would put into memory.
 *
 * <p>Two rules keep it so: make the object outside of the loop that changes it, and never choose
 * between two of them. Local memory cannot be passed to a method, so a kernel reads it itself.
 */
@SuppressWarnings("exports") // The kernels of this module alone use it.
public final class Row8 {
  public float c0;
  public float c1;
  public float c2;
  public float c3;
  public float c4;
  public float c5;
  public float c6;
  public float c7;

  /** Zeros. */
  public Row8() {}

  /** These values. */
  public Row8(float c0, float c1, float c2, float c3, float c4, float c5, float c6, float c7) {
    this.c0 = c0;
    this.c1 = c1;
    this.c2 = c2;
    this.c3 = c3;
    this.c4 = c4;
    this.c5 = c5;
    this.c6 = c6;
    this.c7 = c7;
  }

  /** {@code this += a b}. */
  public void add(float a, Row8 b) {
    c0 += a * b.c0;
    c1 += a * b.c1;
    c2 += a * b.c2;
    c3 += a * b.c3;
    c4 += a * b.c4;
    c5 += a * b.c5;
    c6 += a * b.c6;
    c7 += a * b.c7;
  }

  /** {@code this *= a}. */
  public void scale(float a) {
    c0 *= a;
    c1 *= a;
    c2 *= a;
    c3 *= a;
    c4 *= a;
    c5 *= a;
    c6 *= a;
    c7 *= a;
  }

  /** Reads {@code x[at], x[at + stride], …}. */
  public void load(FloatArray x, int at, int stride) {
    c0 = x.get(at);
    c1 = x.get(at + stride);
    c2 = x.get(at + 2 * stride);
    c3 = x.get(at + 3 * stride);
    c4 = x.get(at + 4 * stride);
    c5 = x.get(at + 5 * stride);
    c6 = x.get(at + 6 * stride);
    c7 = x.get(at + 7 * stride);
  }
}
