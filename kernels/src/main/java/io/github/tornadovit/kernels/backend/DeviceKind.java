package io.github.tornadovit.kernels.backend;

import java.util.Locale;

/** The kinds of processor that a device can be. */
public enum DeviceKind {
  /** A graphics processor. */
  GPU,
  /** A processor made for something else than graphics, which its driver calls an accelerator. */
  ACCELERATOR,
  /** Programmable logic. */
  FPGA,
  /** The cores of the host, behind a driver. */
  CPU,
  /** A kind that the driver does not report, or calls by another name. */
  OTHER;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
