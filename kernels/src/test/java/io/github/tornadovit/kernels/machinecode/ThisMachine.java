package io.github.tornadovit.kernels.machinecode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the machine that runs the tests can do. */
final class ThisMachine {
  private ThisMachine() {}

  /** Whether code of an instruction set can be called here. */
  static boolean has(InstructionSet set) {
    if (!System.getProperty("os.name").equals("Linux")
        || !System.getProperty("os.arch").equals("amd64")) {
      return false;
    }
    try {
      return set.isIn(MachineCode.flags(Files.readString(Path.of("/proc/cpuinfo"))));
    } catch (IOException e) {
      return false;
    }
  }
}
