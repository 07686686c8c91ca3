package io.github.tornadovit.hub;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy on this machine: requests of absolute addresses, and tunnels. It may want a
 * password, refuse with a status, and lead names of no host to places of this machine.
 */
final class FakeProxy implements AutoCloseable {
  private final ServerSocket server;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> ports = new ConcurrentHashMap<>();
  private volatile @Nullable String credentials;
  private volatile int refusal;

  FakeProxy() {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Its address, with a user and a password as they are written there. */
  String address(String userInfo) {
    return "http://%s127.0.0.1:%d".formatted(userInfo.isEmpty() ? "" : userInfo + "@", port());
  }

  /** Who does not bring {@code user:password} is answered 407. */
  FakeProxy wants(String credentials) {
    this.credentials = credentials;
    return this;
  }

  /** Every request is answered with a status. */
  FakeProxy refuses(int status) {
    refusal = status;
    return this;
  }

  /** Where a name leads. */
  FakeProxy leads(String host, int port) {
    ports.put(host, port);
    return this;
  }

  /** The first lines of requests that it let through. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException closed) {
      // close() ends it.
    }
  }

  private void serve(Socket client) {
    try (client) {
      String head = head(client.getInputStream());
      String wanted = credentials;
      if (wanted != null && !head.contains("\r\nProxy-Authorization: " + basic(wanted) + "\r\n")) {
        write(client, "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"x\"\r\n" + NO_BODY);
      } else if (refusal != 0) {
        write(client, "HTTP/1.1 " + refusal + " No\r\n" + NO_BODY);
      } else {
        requests.add(head.lines().findFirst().orElseThrow());
        pass(client, head);
      }
    } catch (IOException | InterruptedException ended) {
      // Whoever asked sees the connection end.
    }
  }

  private static final String NO_BODY = "Content-Length: 0\r\nConnection: close\r\n\r\n";

  private void pass(Socket client, String head) throws IOException, InterruptedException {
    String[] line = head.split(" ", 3);
    boolean tunnel = line[0].equals("CONNECT");
    URI target = URI.create(tunnel ? "https://" + line[1] : line[1]);
    int port = ports.getOrDefault(target.getHost(), target.getPort());
    try (Socket upstream = new Socket(InetAddress.getLoopbackAddress(), port)) {
      if (tunnel) {
        write(client, "HTTP/1.1 200 Here you are\r\n\r\n");
      } else {
        String path =
            target.getRawPath() + (target.getRawQuery() == null ? "" : "?" + target.getRawQuery());
        write(
            upstream,
            "%s %s %s"
                .formatted(line[0], path, line[2])
                .replaceAll("(?i)\r\n(proxy-authorization|connection): [^\r]*", "")
                .replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n"));
        String reply = head(upstream.getInputStream());
        write(client, reply.replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n"));
      }
      Thread back = Thread.ofVirtual().start(() -> carry(upstream, client));
      carry(client, upstream);
      back.join();
    }
  }

  private static void carry(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException broken) {
      close(from);
      close(to);
    }
  }

  private static void close(Closeable socket) {
    try {
      socket.close();
    } catch (IOException closed) {
      // It was to be closed.
    }
  }

  private static String head(InputStream input) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = input.read();
      if (next < 0) {
        throw new IOException("no request");
      }
      head.write(next);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String basic(String credentials) {
    return "Basic "
        + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
