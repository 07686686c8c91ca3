package io.github.tornadovit.kernels.machinecode;

/** The 64-bit integer registers that the code uses. */
enum Register {
  RAX(0),
  RCX(1),
  RDX(2),
  RSP(4),
  RSI(6),
  RDI(7),
  R8(8),
  R9(9),
  R10(10),
  R11(11);

  private final int number;

  Register(int number) {
    this.number = number;
  }

  /** Its number in an instruction. */
  int number() {
    return number;
  }
}
