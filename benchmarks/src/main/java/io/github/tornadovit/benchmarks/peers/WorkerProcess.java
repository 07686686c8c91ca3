package io.github.tornadovit.benchmarks.peers;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An engine in a process of its own, which runs a {@link Worker} or {@code pytorch_peer.py}. */
public final class WorkerProcess implements EngineProcess, AutoCloseable {
  private final LineProcess process;
  private final String name;
  private final String version;
  private final double firstLabelMillis;

  /** Starts the process and waits for its first label. */
  WorkerProcess(String peer, List<String> command, Map<String, String> environment) {
    long start = System.nanoTime();
    process = new LineProcess(peer, command, environment);
    try {
      JsonNode hello = process.answer();
      firstLabelMillis = (System.nanoTime() - start) * 1e-6;
      name = hello.get("engine").asString();
      version = hello.get("version").asString();
    } catch (RuntimeException | Error failure) {
      process.close();
      throw failure;
    }
  }

  /**
   * From the start of the process to the arrival of the first image's label; pixels lie ready in a
   * file.
   */
  public double firstLabelMillis() {
    return firstLabelMillis;
  }

  @Override
  public String name() {
    return name;
  }

  /** The version of what computes. */
  public String version() {
    return version;
  }

  @Override
  public float[] logits(int batch) {
    JsonNode values = process.ask("logits " + batch).get("logits");
    float[] logits = new float[values.size()];
    for (int i = 0; i < logits.length; i++) {
      // NaN and infinities come as words.
      logits[i] = Float.parseFloat(values.get(i).asString());
    }
    return logits;
  }

  @Override
  public long[] measure(int batch, long nanos) {
    return nanos(ask("measure", batch, nanos).get("nanos"));
  }

  /** Asks for something that takes a batch and a duration. */
  JsonNode ask(String what, int batch, long nanos) {
    return process.ask("%s %d %d".formatted(what, batch, nanos / 1_000_000));
  }

  static long[] nanos(JsonNode nanos) {
    return nanos.valueStream().mapToLong(JsonNode::asLong).toArray();
  }

  /**
   * Asks our engine for something that only it knows; see {@link Worker}.
   *
   * @throws PeerException if it cannot
   */
  public <T> T ask(String request, Class<T> answer) {
    return JsonMapper.shared().treeToValue(process.ask(request), answer);
  }

  @Override
  public Duration processorTime() {
    return process.processorTime();
  }

  /** The most memory that was resident so far, in bytes; empty where the system does not say. */
  public OptionalLong maxResidentBytes() {
    return process.maxResidentBytes();
  }

  @Override
  public void close() {
    process.close();
  }
}
