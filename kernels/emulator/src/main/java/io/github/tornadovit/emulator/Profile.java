package io.github.tornadovit.emulator;

import java.util.StringJoiner;
import uk.ac.manchester.tornado.api.common.TornadoDevice;

/**
 * Times and sizes of one execution, in the form of TornadoVM's profiler; all zero unless it is on.
 */
public final class Profile {
  private final boolean on;
  private final TornadoDevice device;
  private final long start = System.nanoTime();
  private long last = start;
  private long copyIn;
  private long kernels;
  private long copyOut;
  private long bytesIn;
  private long bytesOut;
  private final StringBuilder json = new StringBuilder();
  private String graph = "";
  private StringJoiner tasks = new StringJoiner("");

  Profile(boolean on, TornadoDevice device) {
    this.on = on;
    this.device = device;
  }

  void begin(String name) {
    graph = name;
    tasks = new StringJoiner(",\n");
    lap();
  }

  void copiedIn(long bytes) {
    copyIn += lap();
    bytesIn += bytes;
  }

  void ran(String task) {
    long nanos = lap();
    kernels += nanos;
    tasks.add(
        """
            "%s": {
                "BACKEND": "%s",
                "METHOD": "emulated",
                "DEVICE_ID": "%d:0",
                "DEVICE": "%s",
                "TASK_KERNEL_TIME": "%d"
            }"""
            .formatted(
                task,
                device.getTornadoVMBackend(),
                device.getBackendIndex(),
                device.getDeviceName(),
                nanos)
            .indent(8)
            .stripTrailing());
  }

  void copiedOut(long bytes) {
    copyOut += lap();
    bytesOut += bytes;
    String totals =
        """
            "TOTAL_TASK_GRAPH_TIME": "%d",
            "TOTAL_KERNEL_TIME": "%d",
            "COPY_IN_TIME": "%d",
            "COPY_OUT_TIME": "%d",
            "TOTAL_COPY_IN_SIZE_BYTES": "%d",
            "TOTAL_COPY_OUT_SIZE_BYTES": "%d"\
        """
            .formatted(last - start, kernels, copyIn, copyOut, bytesIn, bytesOut)
            .indent(4)
            .stripTrailing();
    String separator = tasks.length() == 0 ? "" : ",\n";
    json.append("{\n    \"%s\": {\n%s%s%s\n    }\n}\n".formatted(graph, totals, separator, tasks));
  }

  private long lap() {
    long now = System.nanoTime();
    long nanos = now - last;
    last = now;
    return nanos;
  }

  public long totalNanos() {
    return on ? last - start : 0;
  }

  public long copyInNanos() {
    return on ? copyIn : 0;
  }

  public long kernelNanos() {
    return on ? kernels : 0;
  }

  public long copyOutNanos() {
    return on ? copyOut : 0;
  }

  public long copyInBytes() {
    return on ? bytesIn : 0;
  }

  public long copyOutBytes() {
    return on ? bytesOut : 0;
  }

  public String json() {
    return on ? json.toString() : "";
  }
}
