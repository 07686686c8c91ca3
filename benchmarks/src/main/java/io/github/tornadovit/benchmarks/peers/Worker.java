package io.github.tornadovit.benchmarks.peers;

import io.github.tornadovit.benchmarks.model.EngineSetting;
import io.github.tornadovit.benchmarks.model.ForwardEngine;
import io.github.tornadovit.benchmarks.model.ImageShape;
import io.github.tornadovit.benchmarks.model.TornadoVitEngine;
import io.github.tornadovit.engine.bench.Contestant;
import io.github.tornadovit.engine.evaluation.Agreement;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The other end of a {@link WorkerProcess}: an engine that answers requests. Arguments: MODEL
 * THREADS PIXELS IMAGES CHANNELS HEIGHT WIDTH PRECISION, where PIXELS is a file of float32,
 * little-endian, {@code [IMAGES, CHANNELS, HEIGHT, WIDTH]}.
 *
 * <p>After classifying the first image it prints {@code engine}, {@code version} and {@code label}.
 * Then each line of standard input is a request: {@code logits B} is answered with the {@code
 * logits} of the first B images, {@code measure B MILLIS} with the {@code nanos} of each forward
 * pass of them, at least one and as many as begin within the time. Our engine answers more: {@code
 * device}, {@code cold}, {@code profile B PASSES}, {@code kernels B MILLIS}, {@code images FOLDER}
 * and {@code pipeline B MILLIS}; see {@link OwnRequests}. Every answer is one line, a JSON object;
 * {@code error} in place of all others says what went wrong; a request that fails does not end the
 * worker. The end of the input ends it.
 */
public final class Worker {
  /** How many arguments every worker has. */
  static final int ARGUMENTS = 8;

  private final ForwardEngine engine;
  private final float[] pixels;
  private final int imageSize;
  private final PrintStream answers;
  private @Nullable OwnRequests own;

  private Worker(ForwardEngine engine, float[] pixels, int imageSize, PrintStream answers) {
    this.engine = engine;
    this.pixels = pixels;
    this.imageSize = imageSize;
    this.answers = answers;
  }

  /** Serves until the input ends; the main method of every worker. */
  public static void serve(String[] arguments, ForwardEngine.Opener opener) {
    PrintStream answers = System.out;
    // Whatever a library prints is no answer.
    System.setOut(System.err);
    try {
      Path model = Path.of(arguments[0]);
      int threads = Integer.parseInt(arguments[1]);
      Path pixelFile = Path.of(arguments[2]);
      int images = Integer.parseInt(arguments[3]);
      ImageShape shape =
          new ImageShape(
              Integer.parseInt(arguments[4]),
              Integer.parseInt(arguments[5]),
              Integer.parseInt(arguments[6]));
      float[] pixels = read(pixelFile, images * shape.size());
      try (ForwardEngine engine =
          opener.open(new EngineSetting(model, threads, shape, images, arguments[7]))) {
        new Worker(engine, pixels, shape.size(), answers).serve(arguments[7]);
      }
    } catch (Exception | LinkageError failure) {
      failure.printStackTrace();
      answer(answers, Map.of("error", failure.toString()));
      System.exit(1);
    }
    // Threads of libraries must not keep the process alive.
    System.exit(0);
  }

  private static float[] read(Path file, int count) throws IOException {
    float[] values = new float[count];
    try (FileChannel channel = FileChannel.open(file)) {
      channel
          .map(FileChannel.MapMode.READ_ONLY, 0, (long) Float.BYTES * count)
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(values);
    }
    return values;
  }

  private static void answer(PrintStream answers, Object values) {
    answers.println(JsonMapper.shared().writeValueAsString(values));
    answers.flush();
  }

  /** The engine's, with the precision where it is not float32. */
  private String name(String precision) {
    return precision.equals("f32") ? engine.name() : engine.name() + " " + precision;
  }

  private void serve(String precision) throws IOException, InterruptedException {
    int label = Agreement.top(engine.logits(first(1), 1));
    answer(answers, Map.of("engine", name(precision), "version", engine.version(), "label", label));
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String request;
    while ((request = requests.readLine()) != null) {
      Object answer;
      try {
        answer = answer(request.split(" ", 3), request);
      } catch (RuntimeException | LinkageError failure) {
        failure.printStackTrace();
        answer = Map.of("error", failure.toString());
      }
      answer(answers, answer);
    }
  }

  private Object answer(String[] words, String request) throws IOException, InterruptedException {
    return switch (words[0]) {
      case "logits" -> {
        int batch = Integer.parseInt(words[1]);
        yield Map.of("logits", engine.logits(first(batch), batch));
      }
      case "measure" -> {
        int batch = Integer.parseInt(words[1]);
        float[] input = first(batch);
        yield Map.of(
            "nanos",
            Contestant.time(() -> engine.logits(input, batch), nanos(words[2]), System::nanoTime));
      }
      default -> {
        if (engine instanceof TornadoVitEngine ours) {
          yield answerOfOurs(ours, words, request);
        }
        throw new IllegalArgumentException(
            "request is '%s', expected logits or measure".formatted(request));
      }
    };
  }

  private Object answerOfOurs(TornadoVitEngine ours, String[] words, String request)
      throws IOException {
    OwnRequests requests = own == null ? new OwnRequests(ours) : own;
    own = requests;
    return switch (words[0]) {
      case "device" -> requests.device();
      case "device-bytes" -> Map.of("bytes", requests.deviceBytes());
      case "cold" -> requests.coldStart(first(1));
      case "images" ->
          Map.of("images", requests.takeImages(Path.of(request.substring("images ".length()))));
      case "profile" -> {
        int batch = Integer.parseInt(words[1]);
        yield requests.profile(batch, Integer.parseInt(words[2]));
      }
      case "kernels" -> {
        int batch = Integer.parseInt(words[1]);
        yield requests.kernels(batch, nanos(words[2]));
      }
      case "pipeline" -> requests.pipeline(Integer.parseInt(words[1]), nanos(words[2]));
      default -> throw new IllegalArgumentException("request is '" + request + "'");
    };
  }

  private static long nanos(String millis) {
    return Long.parseLong(millis) * 1_000_000;
  }

  private float[] first(int batch) {
    return Arrays.copyOf(pixels, batch * imageSize);
  }
}
