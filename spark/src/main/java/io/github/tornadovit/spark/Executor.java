package io.github.tornadovit.spark;

import io.github.tornadovit.kernels.backend.Backends;
import io.github.tornadovit.kernels.backend.DeviceDescription;
import io.github.tornadovit.kernels.backend.DeviceKind;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.jspecify.annotations.Nullable;

/** The JVM that runs tasks: its cores, and the devices that Spark gives them. */
final class Executor {
  /** Every cluster manager starts an executor with it; the configuration knows not all of them. */
  private static final Pattern CORES_ARGUMENT = Pattern.compile("(?:^| )--cores (\\d+)(?: |$)");

  private static final Pattern LOCAL_MASTER = Pattern.compile("local\\[(\\d+)(?:,\\s*\\d+)?]");

  private Executor() {}

  /**
   * Threads of a forward pass: one per core that Spark runs tasks on, and no more than there are.
   */
  static int threads() {
    int processors = Runtime.getRuntime().availableProcessors();
    SparkEnv env = SparkEnv.get();
    int cores =
        env == null ? processors : cores(System.getProperty("sun.java.command", ""), env.conf());
    return cores == 0 ? processors : Math.min(cores, processors);
  }

  /**
   * The cores of an executor; 0 where nothing says how many.
   *
   * @param command that started the JVM, with its arguments
   */
  static int cores(String command, SparkConf conf) {
    Matcher argument = CORES_ARGUMENT.matcher(command);
    if (argument.find()) {
      return Integer.parseInt(argument.group(1));
    }
    Matcher local = LOCAL_MASTER.matcher(conf.get("spark.master", ""));
    return local.matches()
        ? Integer.parseInt(local.group(1))
        : conf.getInt("spark.executor.cores", 0);
  }

  /** Cores of this task; 1 outside of one. */
  static int taskCores() {
    TaskContext task = TaskContext.get();
    return task == null ? 1 : Math.max(1, task.cpus());
  }

  /** Whether Spark repeats this task elsewhere if it fails. */
  static boolean mayBeRepeated() {
    TaskContext task = TaskContext.get();
    SparkEnv env = SparkEnv.get();
    if (task == null || env == null || env.conf().get("spark.master", "").startsWith("local")) {
      return false;
    }
    return task.attemptNumber() + 1 < env.conf().getInt("spark.task.maxFailures", 4);
  }

  /**
   * The device that Spark gave this task by {@code spark.task.resource.gpu.amount}, as the engine
   * takes it; null if it gave none.
   */
  static @Nullable String device() {
    TaskContext task = TaskContext.get();
    ResourceInformation gpu = task == null ? null : task.resourcesJMap().get("gpu");
    return gpu == null || gpu.addresses().length == 0
        ? null
        : device(gpu.addresses()[0], Backends.overview().devices());
  }

  /**
   * The number of a device by Spark's address of it. An address that is a number counts the GPUs,
   * as the scripts that discover them do; any other is a part of the device's name.
   *
   * @throws IllegalStateException if there is no such device
   */
  static String device(String address, List<DeviceDescription> devices) {
    if (!address.matches("\\d{1,4}")) {
      return address;
    }
    List<DeviceDescription> gpus =
        devices.stream().filter(device -> device.kind() == DeviceKind.GPU).toList();
    int number = Integer.parseInt(address);
    // One processor may be a device of several of TornadoVM's back ends: those of the first count.
    List<DeviceDescription> counted =
        gpus.stream()
            .filter(gpu -> gpu.tornadoBackend().equals(gpus.getFirst().tornadoBackend()))
            .toList();
    if (number >= counted.size()) {
      throw new IllegalStateException(
          ("Spark gave this task the GPU %s on %s, and TornadoVM has there: %s. An executor needs an"
                  + " SDK of TornadoVM and its flags; docs/spark.md has the --conf")
              .formatted(address, place(), devices.isEmpty() ? "no device" : devices));
    }
    return String.valueOf(counted.get(number).index());
  }

  /** This JVM, for messages. */
  static String place() {
    SparkEnv env = SparkEnv.get();
    return "%s (%s)".formatted(env == null ? "driver" : "executor " + env.executorId(), machine());
  }

  private static String machine() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return "a machine without a name";
    }
  }
}
