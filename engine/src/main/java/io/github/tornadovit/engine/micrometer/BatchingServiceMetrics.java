package io.github.tornadovit.engine.micrometer;

import io.github.tornadovit.engine.service.BatchReport;
import io.github.tornadovit.engine.service.BatchingService;
import io.github.tornadovit.engine.service.ServiceObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * Binds a {@link BatchingService} to a Micrometer registry:
 *
 * {@snippet :
 * new BatchingServiceMetrics(service, Tags.of("model", "face-mask")).bindTo(registry);
 * }
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><th>name</th><th>kind</th><th>what</th></tr>
 * <tr><td>{@code tornadovit.queue.depth}</td><td>gauge</td><td>requests that wait</td></tr>
 * <tr><td>{@code tornadovit.queue.time}</td><td>timer</td><td>of a request, from the queue to its
 *     batch</td></tr>
 * <tr><td>{@code tornadovit.batch.size}</td><td>summary</td><td>images of a batch</td></tr>
 * <tr><td>{@code tornadovit.forward.time}</td><td>timer</td><td>of a batch, one that failed
 *     too</td></tr>
 * <tr><td>{@code tornadovit.images}</td><td>counter</td><td>images that were answered</td></tr>
 * <tr><td>{@code tornadovit.errors}</td><td>counter</td><td>requests that were not, by {@code kind}:
 *     unreadable, failed, abandoned, refused</td></tr>
 * </table>
 *
 * <p>A request is counted a moment after its future is completed.
 */
@SuppressWarnings("exports") // Who has a MeterRegistry requires Micrometer already.
public final class BatchingServiceMetrics implements MeterBinder {
  private final BatchingService<?> service;
  private final Tags tags;

  /**
   * Metrics of a service.
   *
   * @param tags of every meter; services in one registry need different ones
   */
  public BatchingServiceMetrics(BatchingService<?> service, Tags tags) {
    this.service = service;
    this.tags = tags;
  }

  /** Registers the meters and has them follow the service from now on. */
  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("tornadovit.queue.depth", service, BatchingService::queued)
        .description("Requests that wait for the model")
        .baseUnit("requests")
        .tags(tags)
        .register(registry);
    service.observe(new Meters(registry, tags));
  }

  private static final class Meters implements ServiceObserver {
    private final Timer queueTime;
    private final Timer forwardTime;
    private final DistributionSummary batchSize;
    private final Map<Outcome, Counter> requests = new EnumMap<>(Outcome.class);

    Meters(MeterRegistry registry, Tags tags) {
      queueTime =
          Timer.builder("tornadovit.queue.time")
              .description("Time of a request in the queue")
              .tags(tags)
              .register(registry);
      forwardTime =
          Timer.builder("tornadovit.forward.time")
              .description("Time of the forward pass of a batch")
              .tags(tags)
              .register(registry);
      batchSize =
          DistributionSummary.builder("tornadovit.batch.size")
              .description("Images of a batch")
              .baseUnit("images")
              .tags(tags)
              .register(registry);
      for (Outcome outcome : Outcome.values()) {
        requests.put(outcome, counter(outcome).tags(tags).register(registry));
      }
    }

    private static Counter.Builder counter(Outcome outcome) {
      return switch (outcome) {
        case ANSWERED ->
            Counter.builder("tornadovit.images").description("Images that were answered");
        case UNREADABLE, FAILED, ABANDONED, REFUSED ->
            Counter.builder("tornadovit.errors")
                .description("Requests that were not answered")
                .tag("kind", outcome.name().toLowerCase(Locale.ROOT));
      };
    }

    @Override
    public void requestDone(Outcome outcome) {
      Counter counter = requests.get(outcome);
      if (counter != null) {
        counter.increment();
      }
    }

    @Override
    public void batchDone(BatchReport report) {
      report.timesInQueue().forEach(queueTime::record);
      forwardTime.record(report.forward());
      batchSize.record(report.images());
    }
  }
}
