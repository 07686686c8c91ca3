package uk.ac.manchester.tornado.api;

/** The sizes of a launch, in work-items. */
public interface WorkerGrid {
  int dimension();

  long[] getGlobalWork();

  /** The size of a group, or null if none was set. */
  long[] getLocalWork();

  void setGlobalWork(long x, long y, long z);

  void setLocalWork(long x, long y, long z);

  void setLocalWorkToNull();
}
