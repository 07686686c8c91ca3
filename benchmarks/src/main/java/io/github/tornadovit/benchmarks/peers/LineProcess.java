package io.github.tornadovit.benchmarks.peers;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A process that answers a line with a line of JSON. Its standard error is ours. */
public final class LineProcess implements AutoCloseable {
  /** Python writes NaN as a bare word. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String name;
  private final Process process;
  private final BufferedWriter requests;
  private final BufferedReader answers;

  /** Starts the command. */
  LineProcess(String name, List<String> command, Map<String, String> environment) {
    this.name = name;
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    try {
      process = builder.start();
    } catch (IOException failure) {
      throw new PeerException(
          name + ": cannot start '" + command.getFirst() + "': " + failure.getMessage(), failure);
    }
    requests = process.outputWriter(StandardCharsets.UTF_8);
    answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Sends a request and waits for its answer. */
  public JsonNode ask(String request) {
    try {
      requests.write(request);
      requests.newLine();
      requests.flush();
    } catch (IOException gone) {
      throw ended(gone);
    }
    return answer();
  }

  /**
   * Waits for an answer. Lines that are none, which native libraries may print, are passed over.
   *
   * @throws PeerException if the answer is an error, or the process has ended
   */
  public JsonNode answer() {
    try {
      String line = answers.readLine();
      while (line != null && !line.startsWith("{")) {
        System.err.println(name + ": " + line);
        line = answers.readLine();
      }
      if (line == null) {
        throw ended(null);
      }
      JsonNode answer = JSON.readTree(line);
      if (answer.has("error")) {
        throw new PeerException(name + ": " + answer.get("error").asString());
      }
      return answer;
    } catch (IOException | JacksonException failure) {
      throw ended(failure);
    }
  }

  private PeerException ended(@Nullable Exception cause) {
    return new PeerException(
        name + ": the process gave no answer; what it says is on standard error", cause);
  }

  /** Processor time of all its threads so far; zero where the system does not say. */
  Duration processorTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** The most memory that was resident so far, in bytes, as Linux counts it. */
  OptionalLong maxResidentBytes() {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    if (!Files.isReadable(status)) {
      return OptionalLong.empty();
    }
    try {
      return maxResidentBytes(Files.readAllLines(status));
    } catch (IOException ended) {
      return OptionalLong.empty();
    }
  }

  static OptionalLong maxResidentBytes(List<String> status) {
    return status.stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
        .findFirst();
  }

  /** Ends the process, by the end of its input and, if it does not listen, by force. */
  @Override
  public void close() {
    try {
      requests.close();
    } catch (IOException alreadyEnded) {
      // Then there is nothing to close.
    }
    try {
      if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
