package io.github.tornadovit.benchmarks.peers;

import io.github.tornadovit.kernels.backend.BackendOverview;
import io.github.tornadovit.kernels.backend.Backends;
import java.io.PrintStream;
import tools.jackson.databind.json.JsonMapper;

/**
 * Lists the devices of TornadoVM in a process of its own: a JVM that was started with TornadoVM is
 * another than one that was not. Prints a {@link BackendOverview} as one line of JSON.
 */
public final class DevicesWorker {
  private DevicesWorker() {}

  /** Prints. */
  public static void main(String[] arguments) {
    PrintStream answers = System.out;
    System.setOut(System.err);
    answers.println(JsonMapper.shared().writeValueAsString(Backends.overview()));
    answers.flush();
    System.exit(0);
  }
}
