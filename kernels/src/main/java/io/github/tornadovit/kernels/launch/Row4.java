package io.github.tornadovit.kernels.launch;

/** Four floats of a kernel that stay in registers; see {@link Row8}. */
public final class Row4 {
  public float c0;
  public float c1;
  public float c2;
  public float c3;

  /** Zeros. */
  public Row4() {}

  /** These values. */
  public Row4(float c0, float c1, float c2, float c3) {
    this.c0 = c0;
    this.c1 = c1;
    this.c2 = c2;
    this.c3 = c3;
  }

  /** {@code this += a b}. */
  public void add(float a, Row4 b) {
    c0 += a * b.c0;
    c1 += a * b.c1;
    c2 += a * b.c2;
    c3 += a * b.c3;
  }
}
