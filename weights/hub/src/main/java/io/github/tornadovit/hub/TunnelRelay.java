package io.github.tornadovit.hub;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Gives a proxy its password when a tunnel to an https address is asked for.
 *
 * <p>The JDK's client does not: {@code jdk.http.auth.tunneling.disabledSchemes} takes Basic out of
 * every {@code CONNECT}, and is one property for the whole JVM, read once. So the client asks this
 * relay on the loopback interface, which passes the request on with the password and then only
 * carries bytes, encrypted as they are. Others on the machine get nothing through it: a request has
 * to show a random word that only this JVM knows.
 */
final class TunnelRelay implements AutoCloseable {
  private static final int MAX_HEAD_BYTES = 1 << 14;
  private static final int WORD_BYTES = 32;
  private static final String END = "\r\n\r\n";
  private static final String FIELD = "Proxy-Authorization: ";

  private final HttpProxy proxy;
  private final Duration connectTimeout;
  private final ServerSocket server;
  private final String word;
  private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
  private volatile @Nullable IOException failure;

  TunnelRelay(HttpProxy proxy, Duration connectTimeout) throws IOException {
    this.proxy = proxy;
    this.connectTimeout = connectTimeout;
    byte[] random = new byte[WORD_BYTES];
    new SecureRandom().nextBytes(random);
    word = "Relay " + HexFormat.of().formatHex(random);
    server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("tornado-vit-proxy-relay").start(this::accept);
  }

  InetSocketAddress address() {
    return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
  }

  /** What a request has to bring to be passed on. */
  String authorization() {
    return word;
  }

  /** What kept the last request from the proxy; null if it got there. */
  @Nullable IOException failure() {
    return failure;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        open.add(client);
        if (server.isClosed()) {
          client.close();
        }
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException closed) {
      // close() ends it.
    }
  }

  private void serve(Socket client) {
    try (client) {
      String head = head(client.getInputStream());
      if (!head.startsWith("CONNECT ") || !showsWord(head)) {
        answer(client, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close" + END);
        return;
      }
      try (Socket upstream = new Socket()) {
        open.add(upstream);
        connect(upstream);
        answer(upstream, head.replace(word, String.valueOf(proxy.authorization())));
        Thread back = Thread.ofVirtual().start(() -> carry(upstream, client));
        carry(client, upstream);
        back.join();
      }
    } catch (IOException | InterruptedException ended) {
      // Whoever asked sees the connection end.
    } finally {
      open.removeIf(socket -> ((Socket) socket).isClosed());
    }
  }

  private void connect(Socket upstream) throws IOException {
    try {
      upstream.setTcpNoDelay(true);
      upstream.connect(
          new InetSocketAddress(proxy.host(), proxy.port()),
          Math.toIntExact(connectTimeout.toMillis()));
      failure = null;
    } catch (IOException unreachable) {
      failure = unreachable;
      throw unreachable;
    }
  }

  /** A request up to its empty line; it has no body. */
  private static String head(InputStream input) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    String text = "";
    while (!text.endsWith(END)) {
      int next = input.read();
      if (next < 0 || head.size() == MAX_HEAD_BYTES) {
        throw new IOException("no request");
      }
      head.write(next);
      if (next == '\n') {
        text = head.toString(StandardCharsets.ISO_8859_1);
      }
    }
    return text;
  }

  private boolean showsWord(String head) {
    byte[] expected = word.getBytes(StandardCharsets.ISO_8859_1);
    return head.lines()
        .filter(line -> line.regionMatches(true, 0, FIELD, 0, FIELD.length()))
        .map(line -> line.substring(FIELD.length()).getBytes(StandardCharsets.ISO_8859_1))
        .anyMatch(shown -> MessageDigest.isEqual(shown, expected));
  }

  private static void answer(Socket socket, String head) throws IOException {
    socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** Bytes of one direction, until there are no more; the other may go on. */
  private static void carry(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException broken) {
      closeQuietly(from);
      closeQuietly(to);
    }
  }

  private static void closeQuietly(Closeable socket) {
    try {
      socket.close();
    } catch (IOException closed) {
      // It was to be closed.
    }
  }

  @Override
  public void close() {
    closeQuietly(server);
    open.forEach(TunnelRelay::closeQuietly);
  }
}
