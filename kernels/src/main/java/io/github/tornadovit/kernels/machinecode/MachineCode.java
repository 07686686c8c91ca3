package io.github.tornadovit.kernels.machinecode;

import io.github.tornadovit.kernels.cpu.InnerLoops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The machine code of this JVM on this machine: its loops, or why there are none. */
public final class MachineCode {
  /** System property: {@code false} does without machine code. */
  public static final String PROPERTY = "tornadovit.machineCode";

  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  private final @Nullable InnerLoops loops;
  private final String reason;

  private MachineCode(@Nullable InnerLoops loops, String reason) {
    this.loops = loops;
    this.reason = reason;
  }

  /**
   * Tries it. What is written is called on small values first and must give right results.
   *
   * @param others loops for what machine code leaves out
   */
  public static MachineCode of(InnerLoops others) {
    if (System.getProperty(PROPERTY, "true").equals("false")) {
      return new MachineCode(null, "switched off by the system property " + PROPERTY);
    }
    String system = System.getProperty("os.name") + " on " + System.getProperty("os.arch");
    if (!system.equals("Linux on amd64")) {
      return new MachineCode(null, "there is none for " + system);
    }
    if (!MachineCode.class.getModule().isNativeAccessEnabled()) {
      String module = MachineCode.class.getModule().getName();
      return new MachineCode(
          null,
          "start Java with --enable-native-access=" + (module == null ? "ALL-UNNAMED" : module));
    }
    Optional<InstructionSet> set;
    Set<String> flags;
    try {
      flags = flags(Files.readString(PROCESSORS));
      set = Arrays.stream(InstructionSet.values()).filter(one -> one.isIn(flags)).findFirst();
    } catch (IOException e) {
      return new MachineCode(null, PROCESSORS + " cannot be read: " + e.getMessage());
    }
    if (set.isEmpty()) {
      return new MachineCode(null, "the processor has no AVX2 with FMA");
    }
    return of(set.get(), flags, others);
  }

  private static MachineCode of(InstructionSet set, Set<String> flags, InnerLoops others) {
    try {
      InnerLoops loops = new MachineLoops(set, flags, others);
      String wrong = LoopsCheck.wrong(loops);
      return wrong == null
          ? new MachineCode(loops, "")
          : new MachineCode(null, "wrong results for %s: %s".formatted(set.label(), wrong));
    } catch (UnsupportedOperationException e) {
      return new MachineCode(null, String.valueOf(e.getMessage()));
    }
  }

  /** The flags of this machine's processors; none where the system does not list them. */
  static Set<String> processorFlags() {
    try {
      return flags(Files.readString(PROCESSORS));
    } catch (IOException unreadable) {
      return Set.of();
    }
  }

  /** The flags of the first processor listed; systems run on processors that are all alike. */
  static Set<String> flags(String processors) {
    return processors
        .lines()
        .filter(line -> line.matches("flags\\s*:.*"))
        .findFirst()
        .map(line -> line.substring(line.indexOf(':') + 1).toLowerCase(Locale.ROOT))
        .map(line -> Stream.of(line.split("\\s+")).filter(flag -> !flag.isEmpty()))
        .map(flags -> flags.collect(Collectors.toUnmodifiableSet()))
        .orElse(Set.of());
  }

  /** The loops, or null. */
  public @Nullable InnerLoops loops() {
    return loops;
  }

  /** Why there are none; empty if there are. */
  public String reason() {
    return reason;
  }
}
