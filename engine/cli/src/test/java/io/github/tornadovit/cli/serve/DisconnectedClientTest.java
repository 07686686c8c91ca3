package io.github.tornadovit.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A client that leaves, at each byte of what it sends and in the middle of what it gets, by an end
 * or by a reset. There is room for two requests and a few images: what a client that has left still
 * held would be missing to the next one.
 */
@Timeout(60)
class DisconnectedClientTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Limits TIGHT =
      new Limits(20_000, 50_000, 2, 2, MINUTE, MINUTE, Duration.ofSeconds(30));
  private static final byte[] IMAGE = Http.bytes(Http.WITH_MASK);

  private final DemoServer demo;

  DisconnectedClientTest() throws IOException {
    demo = new DemoServer(TIGHT, null);
  }

  @AfterEach
  void close() {
    demo.close();
  }

  private static byte[] request(String path) {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
            .formatted(path, IMAGE.length)
            .getBytes(StandardCharsets.US_ASCII));
    request.writeBytes(IMAGE);
    return request.toByteArray();
  }

  /** Sends some bytes, reads some bytes of the answer, and leaves. */
  private void leave(byte[] request, int sent, int read, boolean reset) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), demo.server.port())) {
      if (reset) {
        socket.setSoLinger(true, 0);
      }
      socket.getOutputStream().write(request, 0, sent);
      assertThat(socket.getInputStream().readNBytes(read)).hasSize(read);
    }
  }

  /** Requests that came as a whole may be in work for a moment. */
  private void assertServes() throws Exception {
    while (demo.http.post("/classify", IMAGE).statusCode() == 503) {
      Thread.sleep(5);
    }
    Http.answer(demo.http.post("/classify", IMAGE));
  }

  @Test
  void atAnyByteOfARequestCostsNobodyElseAnything() throws Exception {
    byte[] request = request("/classify");
    int head = request.length - IMAGE.length;
    int left = 0;
    for (int sent = 0; sent <= request.length; sent += sent < head + 4 ? 1 : 97) {
      leave(request, sent, 0, sent % 2 == 0);
      left++;
    }
    assertThat(left).isGreaterThan(100);
    assertServes();
  }

  @Test
  void inTheMiddleOfAnAnswerCostsNobodyElseAnything() throws Exception {
    byte[] request = request("/attention");
    for (int read : new int[] {0, 1, 20, 100, 1000, 10_000}) {
      leave(request, request.length, read, true);
      leave(request, request.length, read, false);
      assertServes();
    }
  }
}
