package io.github.tornadovit.benchmarks.peers;

import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.kernels.backend.BackendOverview;
import io.github.tornadovit.kernels.backend.Backends;
import io.github.tornadovit.kernels.backend.DeviceDescription;
import io.github.tornadovit.kernels.backend.Unusable;
import java.io.PrintStream;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * Lists the devices of TornadoVM in a process of its own: a JVM that was started with TornadoVM is
 * another than one that was not. Prints {@link Answer} as one line of JSON.
 */
public final class DevicesWorker {
  private DevicesWorker() {}

  /**
   * The devices that were found.
   *
   * @param devices of TornadoVM
   * @param problem why TornadoVM cannot be used; empty if it can
   */
  public record Answer(List<DeviceDescription> devices, String problem) {}

  /** Prints. */
  public static void main(String[] arguments) {
    PrintStream answers = System.out;
    System.setOut(System.err);
    BackendOverview overview = Backends.overview();
    Unusable unusable = overview.status(BackendChoice.TORNADO).unusable();
    String problem = unusable == null ? "" : unusable.toString();
    answers.println(
        JsonMapper.shared().writeValueAsString(new Answer(overview.devices(), problem)));
    answers.flush();
    System.exit(0);
  }
}
