"""What can go wrong with data, as exceptions that say what to do."""


class DataError(Exception):
    """Something is wrong with a data set's files."""


class DataNotFound(DataError):
    """The files are not on this machine, and could not be fetched."""


class DownloadFailed(DataNotFound):
    """The files are not on this machine, and fetching them went wrong."""


class DamagedData(DataError):
    """A file is there, but its content is not what it should be."""


class DataWarning(UserWarning):
    """Something about the files was mended on the way, and is worth knowing."""
