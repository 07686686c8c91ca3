package io.github.tornadovit.engine.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A batching service ran requests of its callers together. */
@Name(BatchEvent.NAME)
@Label("Service Batch")
@Category("tornado-vit")
@Description("A batching service ran requests of its callers together.")
@StackTrace(false)
public final class BatchEvent extends Event {
  /** The event's name in a recording and in its settings. */
  public static final String NAME = "tornadovit.Batch";

  @Label("Service")
  @Description("The name of the service, which its thread has too")
  public @Nullable String service;

  @Label("Images")
  public int images;

  @Label("Largest Batch")
  @Description("Images that the batch could have had")
  public int maxBatch;

  @Label("Queue Depth")
  @Description("Requests that stayed behind when the batch was taken")
  public int queued;

  @Label("Longest Wait")
  @Description("How long the oldest request of the batch was in the queue")
  @Timespan
  public long longestWait;

  @Label("Failure")
  @Description("What the batch failed of, if it did")
  public @Nullable String failure;

  /** An event that has not begun. */
  public BatchEvent() {}
}
