package io.github.tornadovit.cli.serve;

import io.github.tornadovit.engine.micrometer.BatchingServiceMetrics;
import io.github.tornadovit.engine.service.BatchingService;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;

/**
 * The server's meters, in Prometheus' text format: services, requests by route, the JVM's memory.
 */
public final class Metrics {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** No service and no request yet. */
  public Metrics() {
    new JvmMemoryMetrics().bindTo(registry);
  }

  /**
   * Follows a service.
   *
   * @param answer what it answers with: {@code classes}, {@code cls}
   */
  public void follow(BatchingService<?> service, String answer) {
    new BatchingServiceMetrics(service, Tags.of("answer", answer)).bindTo(registry);
  }

  /**
   * Counts a request.
   *
   * @param route its path as OpenAPI writes it, so that there are few
   */
  void request(String method, String route, int status, Duration time) {
    Timer.builder("tornadovit.http.requests")
        .description("Requests of HTTP, from their head to their answer")
        .tags("method", method, "route", route, "status", Integer.toString(status))
        .register(registry)
        .record(time);
  }

  Reply reply() {
    return Reply.text("text/plain; version=0.0.4; charset=utf-8", registry.scrape());
  }
}
