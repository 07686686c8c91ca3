package io.github.tornadovit.cli.doctor;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/** The JVM's own description: version, flags, memory. */
final class Jvm {
  private Jvm() {}

  /** The value of a flag, or empty in a virtual machine that has no such flag. */
  static String flag(String name) {
    HotSpotDiagnosticMXBean hotspot =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    try {
      return hotspot == null ? "" : hotspot.getVMOption(name).getValue();
    } catch (IllegalArgumentException unknown) {
      return "";
    }
  }

  static boolean hasModule(String name) {
    return ModuleLayer.boot().findModule(name).isPresent();
  }

  /** Whether the engine may call native code. */
  static boolean nativeAccess() {
    return Jvm.class.getModule().isNativeAccessEnabled();
  }

  /** A number of bytes as people read it. */
  static String size(long bytes) {
    return bytes < 1L << 30
        ? (bytes >> 20) + " MiB"
        : "%.1f GiB".formatted(bytes / (double) (1L << 30));
  }
}
