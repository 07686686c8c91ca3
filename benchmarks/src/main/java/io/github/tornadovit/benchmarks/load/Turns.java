package io.github.tornadovit.benchmarks.load;

import io.github.tornadovit.benchmarks.Median;
import io.github.tornadovit.engine.evaluation.Latency;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** The clients' measurements of one server, over all of its turns. */
final class Turns {
  /** Of what {@link #toString} prints. */
  static final String HEADER = "  images/s     p50 ms     p99 ms   requests  not 200";

  private final URI address;
  private final List<byte[]> bodies;
  private final AtomicInteger next = new AtomicInteger();
  private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();
  private final AtomicInteger refused = new AtomicInteger();
  private final List<Double> rates = new ArrayList<>();

  Turns(URI address, List<byte[]> bodies) {
    this.address = address;
    this.bodies = bodies;
  }

  /** Loads the server; requests that are under way when the time is up end, and count. */
  void run(int clients, double seconds, boolean counted) throws InterruptedException {
    int before = nanos.size();
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    List<Thread> threads = new ArrayList<>();
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      for (int client = 0; client < clients; client++) {
        threads.add(Thread.ofVirtual().start(() -> send(http, end, counted)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException interrupted) {
      threads.forEach(Thread::interrupt);
      throw interrupted;
    }
    if (counted) {
      rates.add((nanos.size() - before) / ((System.nanoTime() - start) / 1e9));
    }
  }

  private void send(HttpClient http, long end, boolean counted) {
    do {
      byte[] body = bodies.get(Math.floorMod(next.getAndIncrement(), bodies.size()));
      HttpRequest request =
          HttpRequest.newBuilder(address).POST(BodyPublishers.ofByteArray(body)).build();
      long start = System.nanoTime();
      boolean answered;
      try {
        answered = http.send(request, BodyHandlers.ofString()).statusCode() == 200;
      } catch (IOException _) {
        answered = false;
      } catch (InterruptedException _) {
        return;
      }
      if (counted && answered) {
        nanos.add(System.nanoTime() - start);
      } else if (counted) {
        refused.incrementAndGet();
      }
    } while (System.nanoTime() < end);
  }

  /** The median rate of the turns, and percentiles over all requests. */
  @Override
  public String toString() {
    long[] all = nanos.stream().mapToLong(Long::longValue).toArray();
    if (all.length == 0) {
      return "no request was answered, " + refused + " were not";
    }
    Latency latency = Latency.of(all);
    return String.format(
        Locale.ROOT,
        "%10.2f %10.1f %10.1f %10d %8d",
        Median.of(rates),
        latency.p50Millis(),
        latency.p99Millis(),
        all.length,
        refused.get());
  }
}
