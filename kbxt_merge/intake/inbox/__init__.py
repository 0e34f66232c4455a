"""Where files lie: folders, servers, archives; lists them and gives their bytes."""
