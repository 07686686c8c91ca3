package io.github.tornadovit.benchmarks.report;

import java.util.Locale;

/** The kind of processor that computed, as its driver reports it; a name alone would not say. */
enum Processor {
  /** The host's cores, without a driver. */
  CPU("CPU"),
  /** The host's cores behind an OpenCL driver, PoCL for example. */
  OPENCL_ON_CPU("OpenCL device on the CPU"),
  /** A graphics processor. */
  GPU("GPU"),
  /** A processor of another kind. */
  OTHER("other device");

  private final String label;

  Processor(String label) {
    this.label = label;
  }

  /** As a person reads it. */
  String label() {
    return label;
  }

  /** Whether its peak is the one that was measured on the host. */
  boolean isHost() {
    return this == CPU || this == OPENCL_ON_CPU;
  }

  /**
   * That of a device of TornadoVM. PoCL's devices are the host's cores whatever they are called.
   *
   * @param kind as the driver says
   */
  static Processor of(String kind, String platform) {
    boolean pocl = platform.toLowerCase(Locale.ROOT).contains("portable computing language");
    return switch (pocl ? "cpu" : kind.toLowerCase(Locale.ROOT)) {
      case "gpu" -> GPU;
      case "cpu" -> OPENCL_ON_CPU;
      default -> OTHER;
    };
  }
}
