package io.github.tornadovit.hub;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the proxy for an address: Java's where it has one, else the environment's. A proxy that
 * wants a password for a tunnel is reached by way of a {@link TunnelRelay}.
 */
final class ProxyRoutes extends ProxySelector implements AutoCloseable {
  private final HubSettings settings;
  private final Map<HttpProxy, TunnelRelay> relays = new HashMap<>();

  ProxyRoutes(HubSettings settings) {
    this.settings = settings;
  }

  /** Java's proxy, or null if it leaves the matter open. */
  private static @Nullable Proxy java(URI address) {
    ProxySelector selector = ProxySelector.getDefault();
    if (selector == null) {
      return null;
    }
    String property = address.getScheme().toLowerCase(Locale.ROOT) + ".proxyHost";
    return selector.select(address).stream()
        .filter(proxy -> proxy.type() == Proxy.Type.HTTP)
        .findFirst()
        // With -Dhttp.nonProxyHosts for this one.
        .orElse(System.getProperty(property, "").isEmpty() ? null : Proxy.NO_PROXY);
  }

  /** The environment's proxy; null for Java's or none. */
  static @Nullable HttpProxy named(HubSettings settings, URI address) {
    return java(address) == null ? settings.proxies().of(address) : null;
  }

  /** The proxy of an address, for messages; null for none. */
  static @Nullable String shown(HubSettings settings, URI address) {
    Proxy java = java(address);
    if (java != null) {
      return java.address() instanceof InetSocketAddress proxy
          ? "http://%s:%d (%s.proxyHost)"
              .formatted(proxy.getHostString(), proxy.getPort(), address.getScheme())
          : null;
    }
    HttpProxy named = settings.proxies().of(address);
    return named == null ? null : named.toString();
  }

  /** The header that a request to an address needs on its way; null for none. */
  @Nullable String authorization(URI address) {
    HttpProxy proxy = named(settings, address);
    if (proxy == null || proxy.authorization() == null) {
      return null;
    }
    return isTunnel(address) ? relay(proxy).authorization() : proxy.authorization();
  }

  /** Why the proxy of an address was not reached, where only a relay knows. */
  @Nullable IOException failure(URI address) {
    HttpProxy proxy = named(settings, address);
    synchronized (relays) {
      TunnelRelay relay = proxy == null ? null : relays.get(proxy);
      return relay == null ? null : relay.failure();
    }
  }

  private static boolean isTunnel(URI address) {
    return "https".equalsIgnoreCase(address.getScheme());
  }

  private TunnelRelay relay(HttpProxy proxy) {
    synchronized (relays) {
      return relays.computeIfAbsent(proxy, this::open);
    }
  }

  private TunnelRelay open(HttpProxy proxy) {
    try {
      return new TunnelRelay(proxy, settings.answerTimeout());
    } catch (IOException noSocket) {
      throw new HubException(
          HubException.Reason.UNAVAILABLE,
          "%s: its password needs a socket on the loopback interface, which cannot be had: %s"
              .formatted(proxy, noSocket.getMessage()),
          noSocket);
    }
  }

  @Override
  public List<Proxy> select(URI address) {
    HttpProxy proxy = named(settings, address);
    if (proxy == null) {
      Proxy java = java(address);
      return List.of(java == null ? Proxy.NO_PROXY : java);
    }
    InetSocketAddress socket =
        proxy.authorization() != null && isTunnel(address)
            ? relay(proxy).address()
            : new InetSocketAddress(proxy.host(), proxy.port());
    return List.of(new Proxy(Proxy.Type.HTTP, socket));
  }

  @Override
  public void connectFailed(URI address, SocketAddress proxy, IOException failure) {
    // There is no second one to take.
  }

  @Override
  public void close() {
    synchronized (relays) {
      relays.values().forEach(TunnelRelay::close);
    }
  }
}
