package uk.ac.manchester.tornado.api;

/** A grid of any dimension; axes that it lacks have the size 1. */
public abstract class AbstractWorkerGrid implements WorkerGrid {
  private long[] global;
  private long[] local;

  protected AbstractWorkerGrid(long x, long y, long z) {
    global = new long[] {x, y, z};
  }

  @Override
  public long[] getGlobalWork() {
    return global;
  }

  @Override
  public long[] getLocalWork() {
    return local;
  }

  @Override
  public void setGlobalWork(long x, long y, long z) {
    global = new long[] {x, y, z};
  }

  @Override
  public void setLocalWork(long x, long y, long z) {
    local = new long[] {x, y, z};
  }

  @Override
  public void setLocalWorkToNull() {
    local = null;
  }
}
