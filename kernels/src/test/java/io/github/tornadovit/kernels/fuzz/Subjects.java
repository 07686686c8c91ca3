package io.github.tornadovit.kernels.fuzz;

import io.github.tornadovit.kernels.backend.GuardedHost;
import io.github.tornadovit.kernels.cpu.CpuDevice;
import io.github.tornadovit.kernels.cpu.InnerLoops;
import io.github.tornadovit.kernels.machinecode.InterpretedLoops;
import io.github.tornadovit.kernels.testing.EveryLoops;
import io.github.tornadovit.kernels.tornado.GuardedLaunch;
import io.github.tornadovit.kernels.tornado.TornadoVm;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Everything that computes, by its name in cases: inner loops of the host, and devices. */
final class Subjects implements AutoCloseable {
  private static final String DEVICE = "device-";

  private final Map<String, InnerLoops> loops;
  private final Map<String, CpuDevice> opened = new HashMap<>();

  /** Of some inner loops. */
  Subjects(List<InnerLoops> loops) {
    this.loops =
        loops.stream()
            .collect(
                Collectors.toMap(
                    Subjects::name, one -> one, (one, other) -> one, LinkedHashMap::new));
  }

  /** All loops that the processor runs. */
  static Subjects host() {
    return new Subjects(EveryLoops.all().toList());
  }

  /** The machine code for processors that this machine need not have. */
  static Subjects interpreted() {
    return new Subjects(InterpretedLoops.all());
  }

  /** The same of every form of int8. */
  static Subjects interpretedInt8() {
    return new Subjects(InterpretedLoops.int8Forms());
  }

  /** One of them: AMX, which has bf16 as well. */
  static Subjects interpretedAmx() {
    return new Subjects(List.of(InterpretedLoops.amx()));
  }

  /** The devices of TornadoVM, or one of its emulator: they compute alike. */
  static List<String> devices() {
    return TornadoVm.ofThisJvm().devices().stream()
        .limit(emulated() ? 1 : Long.MAX_VALUE)
        .map(device -> DEVICE + device.index())
        .toList();
  }

  /** Whether the devices are the emulator's. */
  static boolean emulated() {
    return TornadoVm.ofThisJvm().isEmulated();
  }

  private static String name(InnerLoops loops) {
    return loops.description().replace(' ', '-');
  }

  /** The names of those that have bf16. */
  List<String> namesOfBf16() {
    return names().stream().filter(name -> loops(name).bf16() != null).toList();
  }

  /** The names of the inner loops. */
  List<String> names() {
    return List.copyOf(loops.keySet());
  }

  InnerLoops loops(String name) {
    InnerLoops found = loops.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "there is no '%s' here, but %s and %s".formatted(name, names(), devices()));
    }
    return found;
  }

  /** Runs an operation, with guards. */
  float[] run(FuzzCase one, Trial trial) {
    if (one.subject().startsWith(DEVICE)) {
      return GuardedLaunch.run(Integer.parseInt(one.subject().substring(DEVICE.length())), trial);
    }
    CpuDevice device =
        opened.computeIfAbsent(
            one.subject() + one.threads(),
            key -> GuardedHost.device(loops(one.subject()), one.threads()));
    return GuardedHost.cpu(trial, device);
  }

  /** The smallest number that a subject promises to tell from zero. */
  static double smallest(String subject) {
    return subject.startsWith(DEVICE) && !emulated() ? Float.MIN_NORMAL : Float.MIN_VALUE;
  }

  @Override
  public void close() {
    opened.values().forEach(CpuDevice::close);
  }
}
