package io.github.tornadovit.examples.server;

import com.sun.net.httpserver.HttpExchange;
import io.github.tornadovit.engine.Classification;
import io.github.tornadovit.engine.image.ImageException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code POST /classify[?top_k=N]}: an image file in, {@code {"predictions": [{"id": 0, "label":
 * "cat", "score": 0.9}, …]}} out.
 */
final class ClassifyEndpoint {
  private static final Logger LOGGER = System.getLogger(ClassifyEndpoint.class.getName());
  private static final Pattern TOP_K = Pattern.compile("top_k=([1-9][0-9]{0,5})");
  private static final int DEFAULT_TOP_K = 5;

  private final Limits limits;
  private final Semaphore room;

  ClassifyEndpoint(Limits limits) {
    this.limits = limits;
    room = new Semaphore(limits.inFlight());
  }

  /** Runs on a virtual thread of the exchange, which may block. */
  Reply answer(HttpExchange exchange, Classifier classifier)
      throws IOException, InterruptedException {
    String query = exchange.getRequestURI().getQuery();
    Matcher topK = TOP_K.matcher(query == null ? "top_k=" + DEFAULT_TOP_K : query);
    if (!topK.matches()) {
      return Reply.error(400, "query is '%s', expected top_k=N or none".formatted(query));
    }
    if (declaredBytes(exchange) > limits.bodyBytes()) {
      return tooLarge();
    }
    if (!room.tryAcquire()) {
      return Reply.error(503, limits.inFlight() + " requests are in work; try again later");
    }
    try {
      byte[] image = exchange.getRequestBody().readNBytes((int) limits.bodyBytes() + 1);
      if (image.length > limits.bodyBytes()) {
        return tooLarge();
      }
      return answer(classifier.classify(image), Integer.parseInt(topK.group(1)));
    } finally {
      room.release();
    }
  }

  private Reply answer(CompletableFuture<Classification> future, int topK)
      throws InterruptedException {
    try {
      // The time-out is the future's own, so that a request without a caller is not run.
      Classification answer =
          future.orTimeout(limits.answer().toMillis(), TimeUnit.MILLISECONDS).get();
      return Reply.json(200, Map.of("predictions", answer.top(topK)));
    } catch (ExecutionException failure) {
      return switch (failure.getCause()) {
        case ImageException unreadable -> Reply.error(400, String.valueOf(unreadable.getMessage()));
        case RejectedExecutionException full -> Reply.error(503, String.valueOf(full.getMessage()));
        case TimeoutException _ ->
            Reply.error(503, "no answer within " + limits.answer().toSeconds() + " s");
        case null, default -> {
          LOGGER.log(Level.ERROR, "an image could not be classified", failure.getCause());
          yield Reply.error(500, "the image could not be classified; the log says why");
        }
      };
    }
  }

  private Reply tooLarge() {
    return Reply.error(413, "the image has more than %d bytes".formatted(limits.bodyBytes()));
  }

  /** The length by the header, or 0 if there is none: a chunked body is counted as it comes. */
  private static long declaredBytes(HttpExchange exchange) {
    String declared = exchange.getRequestHeaders().getFirst("Content-Length");
    return declared == null ? 0 : Long.parseLong(declared);
  }
}
