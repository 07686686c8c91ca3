package io.github.tornadovit.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LoadCommandTest {
  private static final Path IMAGES = Path.of("..", "weights", "demo", "images", "with_mask");

  @TempDir private Path empty;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine command = LoadCommand.commandLine();
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(err));
    return command.execute(arguments);
  }

  @Test
  void loadsEachServerByEachNumberOfClientsAndCountsWhatIsRefused() throws Exception {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    AtomicInteger requests = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      http.setExecutor(threads);
      http.createContext(
          "/",
          exchange -> {
            boolean refused =
                requests.getAndIncrement() % 3 == 0
                    || exchange.getRequestURI().getPath().equals("/refused");
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(refused ? 503 : 200, -1);
            exchange.close();
          });
      http.start();
      String server = "http://127.0.0.1:" + http.getAddress().getPort();
      int exitCode =
          run(
              "--images=" + IMAGES,
              "--clients=1,3",
              "--rounds=2",
              "--seconds=0.1",
              server + "/classify",
              server + "/refused");
      assertThat(exitCode).as(err.toString()).isZero();
    } finally {
      http.stop(0);
    }
    List<String> lines = out.toString().lines().toList();
    assertThat(lines).hasSize(6);
    assertThat(lines.get(2)).matches("1 ( +[0-9.]+){5}  http.*/classify");
    assertThat(lines.get(4)).startsWith("3 ").endsWith("/classify");
    String[] columns = lines.get(2).split(" +", -1);
    // One in three is refused; the clients count as many as the server.
    assertThat(Integer.parseInt(columns[5])).isBetween(1, Integer.parseInt(columns[4]));
    assertThat(lines.get(3)).contains("no request was answered", "/refused");
  }

  @Test
  void wrongUsageIsSaidBeforeAnythingIsSent() {
    String url = "http://127.0.0.1:1/";
    for (List<String> wrong :
        List.of(
            List.of("--images=" + empty, url),
            List.of("--images=" + empty.resolve("none"), url),
            List.of("--images=" + IMAGES, "--clients=0", url),
            List.of("--images=" + IMAGES, "--rounds=0", url),
            List.of("--images=" + IMAGES, "--seconds=0", url),
            List.of("--images=" + IMAGES, "127.0.0.1:8080/classify"))) {
      assertThat(run(wrong.toArray(String[]::new))).as("%s", wrong).isEqualTo(2);
    }
    assertThat(err.toString()).contains("has no images", "is no folder", "--clients has 0");
  }
}
