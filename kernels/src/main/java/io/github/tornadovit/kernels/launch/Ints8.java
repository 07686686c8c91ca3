package io.github.tornadovit.kernels.launch;

/** Eight ints of a kernel that stay in registers; see {@link Row8}. */
public final class Ints8 {
  public int c0;
  public int c1;
  public int c2;
  public int c3;
  public int c4;
  public int c5;
  public int c6;
  public int c7;

  /** Zeros. */
  public Ints8() {}
}
